/** What a campaign tells: figures for people and machines, and what was wrong, which must be nothing. */
export type Outcome = { figures: Record<string, number | string>; violations: string[] };

/** Things to undo when it is over, last first, whatever happened. */
export async function withCleanup<T>(
  play: (later: (undo: () => unknown) => void) => Promise<T>,
): Promise<T> {
  const undoing: (() => unknown)[] = [];
  try {
    return await play((undo) => undoing.push(undo));
  } finally {
    for (const undo of undoing.reverse()) await undo();
  }
}

export const secondsSince = (at: number): number => Math.round(performance.now() - at) / 1_000;

/** Everybody sits at one address here, and writes as fast as it goes. */
export const roomForAll = { SOCKETS_PER_ADDRESS: "5000", EVENTS_PER_SECOND: "1000" };
