import type { ConnectionState } from "#shared/client/connection.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { VisitorWelcome } from "#shared/protocol/sockets.ts";

/**
 * Where the visitor is. `sending` is a chat that was begun but not taken yet; the rest follows the
 * conversation's status.
 */
export type Stage =
  | "refused"
  | "loading"
  | "start"
  | "sending"
  | "waiting"
  | "talking"
  | "kept"
  | "closed";

export function stageOf(facts: {
  connection: ConnectionState;
  welcome: VisitorWelcome | null;
  conversation: Conversation | null;
  timeline: readonly TimelineRow[];
  /** The visitor left a closed chat behind. */
  startedAnew: boolean;
}): Stage {
  const { connection, welcome, conversation, timeline, startedAnew } = facts;
  if (connection === "refused") return "refused";
  switch (conversation?.status) {
    case "queued":
    case "offered":
      return "waiting";
    case "assigned":
      return "talking";
    case "parked":
      return "kept";
    case "closed":
      return "closed";
  }
  if (timeline.length > 0) return "sending";
  if (startedAnew) return "start";
  // Not knowing whether there is a chat already, wait while an answer is likely; offline it isn't.
  if (!welcome) return connection === "connecting" ? "loading" : "start";
  return welcome.conversation ? "loading" : "start";
}
