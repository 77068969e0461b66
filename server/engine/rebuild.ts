import type { WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { placeOf } from "../domain/place.ts";
import type { Desk, Ids, Ledger } from "../ports.ts";
import type { Directory } from "./directory.ts";

/** Far longer than it takes; a node that dies in the middle is followed after this. */
const leaseLength = seconds(15);
/** How many placements are under way at once while rebuilding. */
const width = 100;
/** So many placements, even slow ones, take less than the lease lasts. */
const betweenRenewals = 10 * width;

/**
 * Makes Redis say what SQL says (house decision 9): a new epoch opens in state `rebuilding`, every
 * open conversation is placed, then assigning may go on. Commits made meanwhile place themselves;
 * the seq each placement carries keeps the newer one. Whatever nobody placed is dropped at the end.
 *
 * `begun` is called as soon as writes are worth something again: whoever is there says so, and is
 * known when the first chat is assigned. `onlyIfLost` leaves a Redis alone that knows the workspace. After an interruption it doesn't do:
 * a replica that took over may know the workspace and yet have missed the last writes. `fromNothing`
 * forgets everything first: the Desk knows more than SQL, as after SQL was put back to before.
 */
export type RebuildWhen = {
  onlyIfLost: boolean;
  fromNothing?: boolean;
  /** Not when somebody made it anew in less than this time. */
  unlessWithin?: () => Millis;
};

export async function rebuildDesk(
  workspace: WorkspaceId,
  node: string,
  { ledger, desk, directory, ids }: { ledger: Ledger; desk: Desk; directory: Directory; ids: Ids },
  { onlyIfLost, fromNothing, unlessWithin, begun }: RebuildWhen & { begun(): void },
): Promise<void> {
  const holds = async () =>
    (await ledger.takeLease(`rebuild:${workspace}`, node, leaseLength)) !== null;
  if (!(await holds())) return;
  try {
    if (onlyIfLost && (await desk.epoch(workspace))?.state === "ready") return;
    if (unlessWithin) {
      const { knownFor } = await desk.absence(workspace, "agent", []);
      if (knownFor > 0 && knownFor < unlessWithin()) return;
    }
    if (fromNothing) await desk.forget(workspace);
    const epoch = ids.next();
    await desk.beginRebuild(workspace, epoch);
    begun();
    const open = await ledger.openConversations(workspace);
    for (let from = 0; from < open.length; from += width) {
      if (from % betweenRenewals === 0 && !(await holds())) return;
      await Promise.all(
        open.slice(from, from + width).map((conversation) => {
          const step = directory.queues.get(conversation.queue)?.stepSeconds ?? 0;
          return desk.place(
            workspace,
            conversation.id,
            conversation.seq,
            placeOf(conversation, step),
          );
        }),
      );
    }
    await desk.finishRebuild(workspace, epoch);
  } finally {
    await ledger.releaseLease(`rebuild:${workspace}`, node);
  }
}
