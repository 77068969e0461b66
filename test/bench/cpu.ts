import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** What the kernel says of processes' time, and which processors they may use. Linux only. */

const ticksPerSecond = 100;
const run = promisify(execFile);

/** Seconds of processor time processes have used, all their threads, children left out. */
export const secondsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + statOf(pid).own, 0);

/** A process and those it started: PostgreSQL's postmaster with its backends. */
export const familyOf = (pid: number): number[] => [
  pid,
  ...readdirSync("/proc")
    .map(Number)
    .filter((candidate) => candidate > 0 && statOf(candidate).parent === pid),
];

/** The same for a family, with what members used that have ended meanwhile. */
export const familySeconds = (pid: number): number => secondsOf(familyOf(pid)) + statOf(pid).ended;

/** Busy seconds of each processor since the machine started, whoever used them. */
export function processors(): number[] {
  return readFileSync("/proc/stat", "utf8")
    .split("\n")
    .filter((line) => /^cpu\d/.test(line))
    .map((line) => {
      const [, user = 0, nice = 0, system = 0, , , irq = 0, soft = 0] = line.split(" ").map(Number);
      return (user + nice + system + irq + soft) / ticksPerSecond;
    });
}

/** Binds processes with all their threads, those they start later too. */
export async function pin(cpus: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await run("taskset", ["-a", "-c", "-p", cpus, `${pid}`]);
}

function statOf(pid: number): { parent: number; own: number; ended: number } {
  // The name in brackets may hold anything.
  const fields = readOrEmpty(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  const field = (n: number) => Number(fields[n - 3] ?? 0);
  return {
    parent: field(4),
    own: (field(14) + field(15)) / ticksPerSecond,
    ended: (field(16) + field(17)) / ticksPerSecond,
  };
}

/** A process that has ended meanwhile used nothing more. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
