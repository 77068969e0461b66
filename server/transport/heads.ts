import type { Audience } from "#shared/model/audience.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { createRounds } from "../engine/rounds.ts";
import { type Desk, DeskUnavailable, type Ledger, type LogHead } from "../ports.ts";
import type { Delivery } from "./deliver.ts";
import { headFor } from "./headFor.ts";

const every = seconds(15);
/** How often to look whether Redis carries, and what was missed while it doesn't. */
const look = seconds(2);

/**
 * Tells everybody where the logs they follow end, so that a silently lost event is noticed.
 * While Redis is away nothing of other nodes is heard: then the logs followed here are looked at every
 * two seconds and those that moved are told, and all of them as soon as Redis carries again (SPEC P25)
 * or this process goes on after a standstill (SPEC P29). Lists are read again on the same occasions, so
 * that what their node didn't live to tell, or a lost notice, is missing for seconds only (SPEC P30).
 */
export function startHeads(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  delivery: Delivery;
  logEpoch: string;
  /** This process goes on after it stood still: what others published meanwhile may be lost. */
  onStall(hear: () => void): () => void;
  /** Other nodes may have committed to these unheard. */
  moved(conversations: readonly ConversationId[]): void;
  /** Consoles' lists may have missed something too: every round that tells heads asks for this. */
  lists(): void;
  /** Tests wait less long. */
  pace?: Millis;
  warn(message: string, error: unknown): void;
}): () => void {
  const { workspace, ledger, desk, delivery, logEpoch, onStall, moved, lists, warn } = parts;
  const pace = parts.pace ?? every;
  const audiences: readonly Audience[] = ["visitor", "agent"];
  let toldAt = performance.now();
  /** Something may have been missed: since Redis went away, or came back. */
  let doubt = false;
  /** Where logs ended when they were last looked at; only while in doubt. */
  let known = new Map<ConversationId, string>();

  async function round(): Promise<void> {
    if (!(await carries())) {
      doubt = true;
      await tell("moved");
      lists();
      return;
    }
    if (!doubt && performance.now() - toldAt < pace) return;
    const began = performance.now();
    const doubted = doubt;
    doubt = false;
    try {
      await tell(doubted ? "doubtful" : "all");
    } catch (error) {
      doubt ||= doubted;
      throw error;
    }
    lists();
    toldAt = began;
    known = new Map();
  }

  async function carries(): Promise<boolean> {
    try {
      await desk.ping();
    } catch (error) {
      if (error instanceof DeskUnavailable) return false;
      throw error;
    }
    return delivery.complete();
  }

  async function tell(which: "all" | "doubtful" | "moved"): Promise<void> {
    const followed = audiences.map((audience) => [audience, delivery.followed(audience)] as const);
    const ids = [...new Set(followed.flatMap(([, here]) => here))];
    const heads = ids.length > 0 ? await ledger.heads(workspace, ids) : new Map();
    const told = which === "moved" ? news(heads) : heads;
    if (which !== "all") moved([...told.keys()]);
    for (const [audience, here] of followed) {
      const shown = here.flatMap((id) => {
        const head = told.get(id);
        return head ? headFor(audience, id, head) : [];
      });
      delivery.emitHeads(audience, shown, logEpoch);
    }
  }

  function news(heads: ReadonlyMap<ConversationId, LogHead>): Map<ConversationId, LogHead> {
    const now = new Map([...heads].map(([id, head]) => [id, JSON.stringify(head)]));
    const fresh = [...heads].filter(([id]) => now.get(id) !== known.get(id));
    known = now;
    return new Map(fresh);
  }

  const rounds = createRounds(round, (error) => warn("telling heads failed", error));
  const timer = setInterval(() => rounds.soon(0), Math.min(look, pace));
  const doubtAll = () => {
    doubt = true;
    rounds.soon(0);
  };
  const stopReturn = desk.onReturn(doubtAll);
  const stopStall = onStall(doubtAll);
  return () => {
    clearInterval(timer);
    stopReturn();
    stopStall();
    rounds.stop();
  };
}
