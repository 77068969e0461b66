import type { WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { Desk, Ledger, LogMarkKeeper } from "../ports.ts";
import { DeskUnavailable, LedgerUnavailable } from "../ports.ts";
import { createRounds } from "./rounds.ts";

/** Says in SQL that this node lives, and whether it reaches the Desk (SPEC RC20). */
export type NodeLease = { stop(): Promise<void> };

const every = seconds(5);
/** Outlives two beats that didn't come. */
const length = seconds(15);

/**
 * Resolves after the first beat. Each beat also marks, outside of SQL, how far the log is: should the
 * database ever be put back to before, the marks tell (SPEC RC18).
 */
export async function createNodeLease(parts: {
  workspace: WorkspaceId;
  node: string;
  ledger: Ledger;
  desk: Desk;
  keeper: LogMarkKeeper | null;
  warn(message: string, error: unknown): void;
  pace?: { every: Millis; length: Millis };
}): Promise<NodeLease> {
  const { workspace, node, ledger, desk, keeper, warn } = parts;
  const pace = parts.pace ?? { every, length };

  async function beat(lasting: Millis): Promise<void> {
    const cutOff = !(await reachesDesk());
    const mark = await ledger.beatNode(workspace, { id: node, cutOff }, lasting);
    await Promise.all([keeper?.write(mark), cutOff || markInDesk(mark)]);
  }

  async function reachesDesk(): Promise<boolean> {
    try {
      await desk.ping();
      return true;
    } catch (error) {
      if (error instanceof DeskUnavailable) return false;
      throw error;
    }
  }

  async function markInDesk(mark: Parameters<Desk["markLog"]>[1]): Promise<void> {
    try {
      await desk.markLog(workspace, mark);
    } catch (error) {
      // The next beat will tell that it is away.
      if (!(error instanceof DeskUnavailable)) throw error;
    }
  }

  const failed = (error: unknown) => {
    // SQL being away is seen in /health/ready.
    if (!(error instanceof LedgerUnavailable)) warn("this node's lease was not renewed", error);
  };
  const rounds = createRounds(() => beat(pace.length), failed);
  await beat(pace.length);
  const timer = setInterval(() => rounds.soon(0), pace.every);
  timer.unref();

  return {
    async stop() {
      clearInterval(timer);
      rounds.stop();
      await rounds.settle();
      await beat(0).catch(failed);
    },
  };
}
