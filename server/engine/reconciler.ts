import { setTimeout as sleep } from "node:timers/promises";
import type { Conversation } from "#shared/model/conversation.ts";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { type Drift, type Repair, reconcile } from "../domain/reconcile.ts";
import type { Desk, Ledger } from "../ports.ts";
import type { Directory } from "./directory.ts";
import { createDuty, type Duty } from "./duty.ts";

/** What was put right so far, by kind; `torn` counts floors whose own parts disagreed. */
export type Repairs = Record<Drift | "torn", number>;

export type Reconciler = Duty & {
  /** How often it has looked, and what it found; all zeros in a healthy house. */
  counts(): { looks: number; repairs: Repairs };
};

const every = seconds(10);
/** A commit's own placement is on its way for far less than this; what still differs then is drift. */
const secondLookAfter: Millis = seconds(1);

/**
 * Holds the floor against SQL every ten seconds, and whenever it is told to look now (boot, Redis
 * back), and makes the floor say what SQL says (SPEC RC1–RC4). Nothing is repaired on one look alone:
 * a decision committed a moment ago may not have reached the floor, and that is no drift.
 */
export function createReconciler(parts: {
  workspace: WorkspaceId;
  node: string;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  /** Makes the floor anew from SQL; `fromNothing` without trusting a word of what is there. */
  rebuild(fromNothing?: boolean): Promise<void>;
  /** Something was put right: assigning may go on, positions may have changed. */
  repaired(kinds: Partial<Repairs>): void;
  warn(message: string, error: unknown): void;
  /** Tests look more often. */
  pace?: { every: Millis; secondLookAfter: Millis };
}): Reconciler {
  const { workspace, ledger, desk, directory, rebuild, repaired } = parts;
  const pace = parts.pace ?? { every, secondLookAfter };
  const repairs: Repairs = { missing: 0, ghost: 0, misplaced: 0, misranked: 0, ahead: 0, torn: 0 };
  let looks = 0;

  const stepSecondsOf = ({ queue }: Conversation) => directory.queues.get(queue)?.stepSeconds ?? 0;

  /** The floor first: then whatever SQL has newer is on its way, and whatever it lacks is gone. */
  async function look(): Promise<{ found: Repair[]; whole: boolean; ready: boolean }> {
    const { placed, whole, state } = await desk.inventory(workspace);
    const open = await ledger.openConversations(workspace);
    return { found: reconcile(open, placed, stepSecondsOf), whole, ready: state === "ready" };
  }

  async function work(): Promise<void> {
    looks += 1;
    const first = await look();
    if (!first.ready) return rebuild();
    if (first.found.length === 0 && first.whole) return;
    await sleep(pace.secondLookAfter);
    const second = await look();
    if (!second.ready) return rebuild();
    const seen = new Set(first.found.map(sameAs));
    const lasting = second.found.filter((repair) => seen.has(sameAs(repair)));
    const done: Partial<Repairs> = {};
    const count = (kind: keyof Repairs) => {
      repairs[kind] += 1;
      done[kind] = (done[kind] ?? 0) + 1;
    };
    for (const { conversation, seq, place, drift } of lasting) {
      count(drift);
      if (drift !== "ahead") await desk.place(workspace, conversation, seq, place);
    }
    const torn = !first.whole && !second.whole;
    if (torn) count("torn");
    // Older writes are ignored, so what has seen more than SQL has can't be put right one by one.
    if (done.ahead) await rebuild(true);
    else if (torn) await rebuild();
    if (Object.keys(done).length > 0) repaired(done);
  }

  const duty = createDuty({ ...parts, name: "reconcile", every: pace.every, work });
  return { ...duty, counts: () => ({ looks, repairs: { ...repairs } }) };
}

/** Not by seq: a chat whose people go on writing is as lost as a silent one. */
const sameAs = ({ conversation, drift, place }: Repair): string =>
  `${conversation} ${drift} ${JSON.stringify(place)}`;
