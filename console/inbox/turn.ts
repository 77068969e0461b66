import type { Instant } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";

/** Whose turn it is: `ours` when the visitor waits for an answer. */
export type Turn = "ours" | "theirs";

/**
 * A chat in which nobody has written yet is ours too: the visitor opened it and looks at an empty
 * panel. A closed chat is nobody's, so it is never ours.
 */
export function turnOf({ conversation, preview }: ListRow): Turn {
  if (conversation.status === "closed") return "theirs";
  if (conversation.unansweredSince !== null) return "ours";
  return preview === null ? "ours" : "theirs";
}

/** Since when the side whose turn it is has been waited for. */
export function waitingSince({ conversation, preview }: ListRow): Instant {
  if (conversation.unansweredSince !== null) return conversation.unansweredSince;
  return preview?.at ?? conversation.queuedAt;
}

/** Since when a chat in the waiting list has waited: never less than the visitor has. */
export const queuedSince = ({ conversation }: ListRow): Instant =>
  Math.min(conversation.queuedAt, conversation.unansweredSince ?? conversation.queuedAt);
