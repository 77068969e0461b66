import type { Conversation } from "#shared/model/conversation.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";

/** Whose turn it is: `ours` when the visitor waits for an answer. */
export type Turn = "ours" | "theirs";

/**
 * A chat in which nobody has written yet is ours too: the visitor opened it and looks at an empty
 * panel. So is one that came to us after its last message: whoever held it before may have answered,
 * but not we. A closed chat is nobody's, so it is never ours.
 */
export function turnOf(row: ListRow): Turn {
  const { status, unansweredSince } = row.conversation;
  if (status === "closed") return "theirs";
  if (unansweredSince !== null || row.preview === null) return "ours";
  return cameAfterwards(row) === null ? "theirs" : "ours";
}

/** When the chat came to its agent, if nothing has been said in it since. */
function cameAfterwards({ conversation, preview }: ListRow): Instant | null {
  if (conversation.status !== "assigned" || preview === null) return null;
  return preview.at < conversation.since ? conversation.since : null;
}

/** Since when the side whose turn it is has been waited for. */
export function waitingSince(row: ListRow): Instant {
  const { conversation, preview } = row;
  if (conversation.unansweredSince !== null) return conversation.unansweredSince;
  return cameAfterwards(row) ?? preview?.at ?? conversation.queuedAt;
}

/** Since when a chat in the waiting list has waited: never less than the visitor has. */
export const queuedSince = ({ conversation }: Pick<ListRow, "conversation">): Instant =>
  Math.min(conversation.queuedAt, conversation.unansweredSince ?? conversation.queuedAt);

/** Since when a chat on hold has been left: the oldest message nobody answered, or its beginning. */
export const leftSince = ({ conversation }: Pick<ListRow, "conversation">): Instant =>
  conversation.unansweredSince ?? conversation.queuedAt;

/** Since when the visitor of an opened chat waits, by the same count as in the lists; null when they don't. */
export function visitorWaitsSince(conversation: Conversation): Instant | null {
  const { status, unansweredSince } = conversation;
  if (status === "closed") return null;
  return status === "queued" || status === "offered"
    ? queuedSince({ conversation })
    : unansweredSince;
}
