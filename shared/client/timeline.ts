import type { Actor } from "#shared/model/actor.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";

/**
 * A line of a conversation as a screen draws it. Committed lines come in the log's order, what is
 * still on its way follows them. A line's `key` stays the same from pending to committed, and its
 * object stays the same while nothing about it changes, so that only what changed is redrawn.
 */
export type TimelineRow =
  | {
      key: string;
      kind: "message";
      by: Actor;
      text: string;
      at: Instant;
      mine: boolean;
      mark: "queued" | "sent" | "delivered" | "read" | "failed";
      seq: number | null;
      failure?: Refusal;
    }
  | {
      key: string;
      kind: "note";
      by: Actor;
      text: string;
      about: "note" | "transfer";
      at: Instant;
      seq: number | null;
      mark: "queued" | "sent" | "failed";
      failure?: Refusal;
    }
  | { key: string; kind: "system"; at: Instant; seq: number; event: ConversationEvent };
