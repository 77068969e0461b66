import type { Units } from "#shared/model/agent.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { AgentId, QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import { rank } from "./rank.ts";

/** Where a conversation is on the floor, as its last commit left it. */
export type Place =
  | { at: "queue"; queue: QueueId; score: number; queuedAt: Instant; units: Units }
  | { at: "agent"; agent: AgentId; units: Units }
  | { at: "nowhere" };

/** Where a conversation belongs on the floor. */
export function placeOf(conversation: Conversation, stepSeconds: number): Place {
  switch (conversation.status) {
    case "queued":
    case "offered": {
      const { queue, queuedAt, priority, units } = conversation;
      return { at: "queue", queue, queuedAt, score: rank(priority, queuedAt, stepSeconds), units };
    }
    case "assigned":
      return { at: "agent", agent: conversation.agent, units: conversation.units };
    default:
      return { at: "nowhere" };
  }
}
