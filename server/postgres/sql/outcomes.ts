import { isDeepStrictEqual } from "node:util";
import { type Change, type Committed, LedgerUnavailable } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { readLog } from "./events.ts";
import { findCommand } from "./findCommand.ts";

const waits = [50, 200, 1_000];
const atOnce = 4;

/**
 * What became of changes whose connection broke before the answer: the command table knows. Null
 * means "not found", which is not "never": a commit still under way may yet land, so the caller must
 * say "try again", never "refused".
 */
export async function outcomes(
  driver: Driver,
  changes: readonly Change[],
  pause: (milliseconds: number) => Promise<void>,
): Promise<(Committed | null)[]> {
  const found: (Committed | null)[] = [];
  for (let from = 0; from < changes.length; from += atOnce) {
    const some = changes.slice(from, from + atOnce);
    found.push(...(await Promise.all(some.map((change) => patiently(driver, change, pause)))));
  }
  return found;
}

/** Reconnecting takes a moment; a database that stays away is the caller's to report. */
async function patiently(
  driver: Driver,
  change: Change,
  pause: (milliseconds: number) => Promise<void>,
): Promise<Committed | null> {
  for (const wait of waits) {
    try {
      return await outcome(driver, change);
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      await pause(wait);
    }
  }
  return await outcome(driver, change);
}

async function outcome(driver: Driver, change: Change): Promise<Committed | null> {
  const { workspace, command, conversation, expectedSeq, events } = change;
  const known = await findCommand(driver, workspace, command);
  if (!known) return null;
  if (known.hash !== command.hash) return { status: "bodyMismatch" };
  const { seq, at, xid } = known;
  const logged = await readLog(driver, workspace, conversation.id, expectedSeq, events.length);
  // Another node may have committed the same command by another decision: then ours didn't happen.
  return isDeepStrictEqual(logged, events)
    ? { status: "committed", seq, at, xid }
    : { status: "repeat", seq, at, conversation: known.conversation };
}
