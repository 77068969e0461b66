import type { ActorKind } from "#shared/model/actor.ts";
import type { Audience } from "#shared/model/audience.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import { join, leave, receipts, sync, syncLimit, typing } from "#shared/protocol/requests.ts";
import type { Head, Page } from "#shared/protocol/sockets.ts";
import type { Dispatch } from "../engine/dispatch.ts";
import type { Ledger } from "../ports.ts";
import type { Delivery } from "./deliver.ts";
import { headFor } from "./headFor.ts";
import { type Connection, hear, receive, refuse } from "./receive.ts";
import { mostUnreadForPages } from "./sockets.ts";

/** What reading a conversation needs, the same for visitors and agents. */
export type FollowingParts = {
  workspace: WorkspaceId;
  logEpoch: string;
  ledger: Ledger;
  delivery: Delivery;
  dispatch: Pick<Dispatch, "forget">;
};

export type Follower = {
  /** What somebody may ask is taken from here on. */
  on(event: string, take: (...args: unknown[]) => Promise<void>): void;
  /** Live from when this resolves on. */
  join(conversation: ConversationId): Promise<void>;
  leave(conversation: ConversationId): Promise<void>;
  connection: Connection;
  audience: Audience;
  actor: ActorKind;
  /** The conversation when this follower may read it, else null: foreign and absent look alike. */
  mayRead(conversation: ConversationId): Promise<Conversation | null>;
  /** Whether this follower's receipts and typing count: the visitor's own, the holding agent's. */
  takesPart(conversation: Conversation): boolean;
  /** Called after somebody joined, for what only some audiences are told. */
  joined?(conversation: Conversation): void;
  /** Called after this follower's receipts were taken. */
  received?(conversation: Conversation): void;
};

/** A page of the longest messages would be megabytes, and a client may ask for many pages at once. */
const pageCharacters = 256 * 1024;

/** As many of the first events as a page holds, one at least. */
export function fitting(events: ConversationEvent[]): ConversationEvent[] {
  let left = pageCharacters;
  const beyond = events.findIndex((event, i) => {
    left -= JSON.stringify(event).length;
    return left < 0 && i > 0;
  });
  return beyond < 0 ? events : events.slice(0, beyond);
}

/** join → heads → sync → live, with receipts and typing (decision 11). */
export function follow(parts: FollowingParts, follower: Follower): void {
  const { workspace, logEpoch, ledger, delivery, dispatch } = parts;
  const { connection, audience, actor, mayRead, takesPart } = follower;

  async function headOf(conversation: ConversationId): Promise<Head | null> {
    const heads = await ledger.heads(workspace, [conversation]);
    const found = heads.get(conversation);
    return found ? headFor(audience, conversation, found) : null;
  }

  /** Another node may have committed unheard: nobody is turned away over what this node remembers. */
  async function partIn(id: ConversationId): Promise<Conversation | "absent" | "outside"> {
    const remembered = await mayRead(id);
    if (remembered && takesPart(remembered)) return remembered;
    dispatch.forget(id);
    const found = await mayRead(id);
    if (!found) return "absent";
    return takesPart(found) ? found : "outside";
  }

  const fullOfPages = () => connection.unread() > mostUnreadForPages;

  follower.on(
    "join",
    receive(connection, "join", join, async ({ conversation }) => {
      const found = await mayRead(conversation);
      if (!found) return refuse("not_found");
      await follower.join(conversation);
      const head = await headOf(conversation);
      if (!head) return refuse("not_found");
      follower.joined?.(found);
      return { ok: true, head };
    }),
  );

  follower.on(
    "leave",
    receive(connection, "leave", leave, async ({ conversation }) => {
      await follower.leave(conversation);
      return { ok: true };
    }),
  );

  follower.on(
    "sync",
    receive(connection, "sync", sync, async ({ conversation, since, limit = syncLimit }) => {
      if (fullOfPages()) return refuse("rate", { retryAfterMs: 500 });
      if (!(await mayRead(conversation))) return refuse("not_found");
      const head = await headOf(conversation);
      if (!head) return refuse("not_found");
      if (since > head.head) return refuse("epoch");
      const found = await ledger.events(workspace, conversation, audience, since, limit);
      // Others may have been answered meanwhile.
      if (fullOfPages()) return refuse("rate", { retryAfterMs: 500 });
      const events = fitting(found);
      const last = events.at(-1)?.seq ?? since;
      const page: Page = {
        logEpoch,
        events,
        head: Math.max(head.head, last),
        more: last < head.head,
        cursors: head.cursors,
      };
      return { ok: true, ...page };
    }),
  );

  follower.on(
    "receipts",
    receive(connection, "receipts", receipts, async ({ conversation, delivered, read }) => {
      const found = await partIn(conversation);
      if (found === "absent") return refuse("not_found");
      if (found === "outside") return refuse("forbidden");
      const side = actor === "visitor" ? "visitor" : "agent";
      const to = { delivered: Math.max(delivered, read), read };
      const cursors = await ledger.advanceCursor(workspace, conversation, side, to);
      delivery.cursors(conversation, { seq: found.seq, visitorSeq: found.head.seq, cursors });
      follower.received?.(found);
      return { ok: true };
    }),
  );

  follower.on(
    "typing",
    hear(connection, "typing", typing, async ({ conversation, on }) => {
      const found = await partIn(conversation);
      if (found === "absent") return refuse("not_found");
      if (found === "outside") return refuse("forbidden");
      delivery.typing(conversation, actor, on);
      return { ok: true };
    }),
  );
}
