import { v7 } from "uuid";
import type { Desk, Ledger } from "#server/ports.ts";
import type { Wire } from "#shared/client/wire.ts";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import { refusal } from "#shared/protocol/refusals.ts";

/** A Ledger that says "committed" first and commits afterwards, if it can. */
export function acksBeforeCommit(inner: Ledger): Ledger {
  return {
    ...inner,
    async commit(change) {
      const { seq, at } = change.events[0] ?? change.conversation;
      setTimeout(() => inner.commit(change).catch(() => undefined), 5);
      return { status: "committed", seq, at, xid: "0" };
    },
  };
}

/** A Ledger that writes commands down and never looks whether it has one already. */
export function forgetsCommands(inner: Ledger): Ledger {
  return {
    ...inner,
    async commit(change) {
      const committed = await inner.commit(change);
      if (committed.status !== "repeat") return committed;
      return inner.commit({ ...change, command: { ...change.command, id: v7() as CommandId } });
    },
    findCommand: async () => null,
  };
}

/** A Desk that puts whoever comes back to a queue at its end. */
export function requeuesAtTheEnd(inner: Desk): Desk {
  const known = new Map<ConversationId, { seq: number; late: number }>();
  return {
    ...inner,
    place(workspace, conversation, seq, place) {
      const before = known.get(conversation);
      if (place.at !== "queue") return inner.place(workspace, conversation, seq, place);
      const late = before ? (before.seq === seq ? before.late : Date.now() - place.queuedAt) : 0;
      known.set(conversation, { seq, late });
      const score = place.score + late;
      const queuedAt = place.queuedAt + late;
      return inner.place(workspace, conversation, seq, { ...place, score, queuedAt });
    },
  };
}

/** A Desk that, filled again after it was emptied, is told who waits but not who holds what. */
export function forgetsLoad(inner: Desk): Desk {
  let rebuilding = false;
  return {
    ...inner,
    async beginRebuild(workspace, epoch) {
      rebuilding = true;
      await inner.beginRebuild(workspace, epoch);
    },
    async finishRebuild(workspace, epoch) {
      await inner.finishRebuild(workspace, epoch);
      rebuilding = false;
    },
    place: async (workspace, conversation, seq, place) =>
      rebuilding && place.at === "agent"
        ? "placed"
        : inner.place(workspace, conversation, seq, place),
  };
}

/** A client whose outbox takes silence for an answer. */
export const dropsOnTimeout = (inner: Wire): Wire => ({
  ...inner,
  async emitWithAck(event, payload, patience) {
    try {
      return await inner.emitWithAck(event, payload, patience);
    } catch (error) {
      if (event !== "command") throw error;
      return { ok: false, refusal: { ...refusal("unavailable"), retry: false } };
    }
  },
});

/** Long enough for somebody to write between the reading and the listening. */
const gap = 200;

/** A client that reads a conversation first and then starts to listen. */
export function readsBeforeJoining(inner: Wire): Wire {
  const read = new Map<string, unknown>();
  return {
    ...inner,
    async emitWithAck(event, payload, patience) {
      const { conversation } = payload as { conversation: string };
      if (event === "join") {
        const page = await inner.emitWithAck("sync", { conversation, since: 0 }, patience);
        if ((page as { ok: boolean }).ok) read.set(conversation, page);
        await new Promise((resolve) => setTimeout(resolve, gap));
      }
      const known = event === "sync" ? read.get(conversation) : undefined;
      if (known === undefined) return inner.emitWithAck(event, payload, patience);
      read.delete(conversation);
      return known;
    },
  };
}
