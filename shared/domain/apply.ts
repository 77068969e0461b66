import { includes } from "../model/audience.ts";
import type { Conversation } from "../model/conversation.ts";
import type { ConversationEvent, EventOf } from "../protocol/events.ts";

/**
 * The one reducer (SPEC A1): server, widget, console and tests all turn events into a conversation
 * with it. Pure; an event of a kind this version doesn't know moves `seq` and nothing else.
 * Throws when the first event is not `started`: a log that begins otherwise is a programming error.
 */
export function apply(before: Conversation | null, event: ConversationEvent): Conversation {
  if (event.kind === "started") return begin(event);
  if (!before) throw new Error(`conversation ${event.conversation} has no beginning`);
  const next = advance(before, event);
  switch (event.kind) {
    case "message":
      return { ...next, unansweredSince: unansweredAfter(next, event) };
    case "queued": {
      const { queue, queuedAt, priority } = event.body;
      return { ...common(next), status: "queued", queue, queuedAt, priority };
    }
    case "assigned": {
      const { agent, units } = event.body;
      return { ...common(next), status: "assigned", agent, since: event.at, units };
    }
    case "parked": {
      const { why, wakeAt, queue } = event.body;
      return { ...common(next), status: "parked", queue, why, wakeAt };
    }
    case "closed":
      return {
        ...common(next),
        status: "closed",
        reason: event.body.reason,
        closedAt: event.at,
        unansweredSince: null,
      };
    default:
      return next;
  }
}

export const applyAll = (
  before: Conversation | null,
  events: readonly ConversationEvent[],
): Conversation | null => events.reduce<Conversation | null>(apply, before);

/** A conversation is born parked and unattended; the `queued` or `parked` event of the same commit says more. */
function begin(event: EventOf<"started">): Conversation {
  const { site, visitor, name, locale, zone, page, queue, priority, units } = event.body;
  return {
    workspace: event.workspace,
    id: event.conversation,
    site,
    visitor,
    name,
    locale,
    zone,
    page,
    createdAt: event.at,
    seq: event.seq,
    at: event.at,
    head: { seq: event.seq, at: event.at },
    fence: event.fence,
    leg: event.leg,
    queue,
    priority,
    queuedAt: event.at,
    unansweredSince: null,
    units,
    status: "parked",
    why: "unattended",
    wakeAt: null,
  };
}

function advance(before: Conversation, event: ConversationEvent): Conversation {
  const { seq, at, fence, leg } = event;
  const head = includes(event.audience, "visitor") ? { seq, at } : before.head;
  return { ...before, seq, at, fence, leg, head };
}

/** Without the fields that belong to one status only, so that no arm of the union keeps another's facts. */
function common(conversation: Conversation) {
  const {
    workspace,
    id,
    site,
    visitor,
    name,
    locale,
    zone,
    page,
    createdAt,
    seq,
    at,
    head,
    fence,
    leg,
    queue,
    priority,
    queuedAt,
    unansweredSince,
    units,
  } = conversation;
  return {
    workspace,
    id,
    site,
    visitor,
    name,
    locale,
    zone,
    page,
    createdAt,
    seq,
    at,
    head,
    fence,
    leg,
    queue,
    priority,
    queuedAt,
    unansweredSince,
    units,
  };
}

function unansweredAfter(conversation: Conversation, event: EventOf<"message">) {
  if (event.by.kind === "visitor") return conversation.unansweredSince ?? event.at;
  return event.by.kind === "agent" ? null : conversation.unansweredSince;
}
