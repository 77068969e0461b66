/** How many refusals these lines of the server's log stand for, or how many for this reason. */
export function refusals(log: readonly string[], why?: string): number {
  return log
    .map((line) => JSON.parse(line) as { msg: string; code?: string; why?: string; count?: number })
    .filter(({ msg }) => / refused/.test(msg))
    .filter((line) => why === undefined || line.code === why || line.why === why)
    .reduce((sum, { count = 1 }) => sum + count, 0);
}
