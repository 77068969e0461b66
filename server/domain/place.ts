import type { Conversation } from "#shared/model/conversation.ts";
import type { Place } from "../ports.ts";
import { rank } from "./rank.ts";

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
