import { byRank } from "../rank.ts";
import type { RoutableChat } from "./floor.ts";

/** The order in which waiting chats choose: (score, queuedAt, id), the same on every node. */
export function inOrder<Chat extends Pick<RoutableChat, "score" | "queuedAt" | "conversation">>(
  waiting: readonly Chat[],
): Chat[] {
  return [...waiting].sort(before);
}

/** Negative when `a` chooses before `b`. */
export const before = (
  a: Pick<RoutableChat, "score" | "queuedAt" | "conversation">,
  b: Pick<RoutableChat, "score" | "queuedAt" | "conversation">,
): number =>
  byRank(
    { score: a.score, queuedAt: a.queuedAt, id: a.conversation },
    { score: b.score, queuedAt: b.queuedAt, id: b.conversation },
  );
