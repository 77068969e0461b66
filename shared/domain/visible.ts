import { type Audience, type AudienceMask, everyone, includes, staff } from "../model/audience.ts";
import type { Conversation } from "../model/conversation.ts";
import { priority } from "../model/priority.ts";
import type { ConversationEvent, EventKind } from "../protocol/events.ts";

/** Who sees which kind of event (SPEC V1). A kind missing here does not compile. */
const audienceOf: Record<EventKind, AudienceMask> = {
  started: everyone,
  message: everyone,
  note: staff,
  queued: everyone,
  assigned: everyone,
  parked: everyone,
  closed: everyone,
};

/** The mask stored with an event at commit. Depends on the event's kind alone. */
export const maskOf = (kind: EventKind): AudienceMask => audienceOf[kind];

/**
 * The event as this audience may see it: whole, stripped, or null when it may not see it at all.
 * Depends on the event alone, never on who asks (decision 11), so live delivery, sync and
 * snapshots cannot disagree.
 */
export function visible(audience: Audience, event: ConversationEvent): ConversationEvent | null {
  if (!includes(event.audience, audience)) return null;
  if (audience !== "visitor") return event;
  if (event.kind === "queued" || event.kind === "started") {
    const body = { ...event.body, priority: priority.normal };
    return { ...event, because: null, body } as ConversationEvent;
  }
  return event.because === null ? event : { ...event, because: null };
}

/** The conversation as this audience may see it: what applying its visible events would have made. */
export function seen(audience: Audience, conversation: Conversation): Conversation {
  if (audience !== "visitor") return conversation;
  const { head } = conversation;
  return { ...conversation, seq: head.seq, at: head.at, priority: priority.normal };
}
