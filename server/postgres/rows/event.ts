import type { Actor } from "#shared/model/actor.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";

/** The columns of `event` that a `ConversationEvent` is made of. */
export type EventRow = Omit<ConversationEvent, "by"> & { by_kind: Actor["kind"]; by_id: string };

export const eventColumns =
  "workspace, conversation, seq, prev, at, kind, v, by_kind, by_id, cause, index, leg, fence, " +
  "audience, because, body";

export function eventOf({ by_kind, by_id, ...rest }: EventRow): ConversationEvent {
  return { ...rest, by: { kind: by_kind, id: by_id } } as ConversationEvent;
}
