import type { Actor } from "#shared/model/actor.ts";
import { oneChat } from "#shared/model/agent.ts";
import {
  type Conversation,
  moved,
  ownerOf,
  type QueueReason,
  reopenWindow,
} from "#shared/model/conversation.ts";
import type { AgentId, QueueId, SiteId, VisitorId } from "#shared/model/ids.ts";
import { priority } from "#shared/model/priority.ts";
import type { Instant } from "#shared/model/time.ts";
import type { AgentConversationCommand, VisitorCommand } from "#shared/protocol/commands.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import type { ConversationCommand, SystemCommand } from "./commands.ts";
import type { Draft } from "./draft.ts";

/** The facts a decision may rest on besides the conversation itself. */
export type Facts = {
  now: Instant;
  by: Actor;
  queues: ReadonlyMap<QueueId, { name: string }>;
  /** Whether somebody could take a chat of this queue now (declared online, console alive, member). */
  staffed(queue: QueueId): boolean;
  agentName(agent: AgentId): string | null;
  /** Known when a visitor sends: what a new conversation starts from. */
  arrival?: { site: SiteId; visitor: VisitorId; queue: QueueId; locale: string; zone: string };
};

export type Decision =
  | { decided: Draft[] }
  /** The command asks for what already is: nothing to commit. */
  | { already: Conversation }
  | { refused: Refusal };

const decided = (...drafts: Draft[]): Decision => ({ decided: drafts });
const refused = (...args: Parameters<typeof refusal>): Decision => ({ refused: refusal(...args) });

/**
 * What a command does to a conversation (SPEC DC1–DC12): events, or a refusal people can understand.
 * Pure: the same conversation, command and facts give the same decision on every node and in replay.
 */
export function decide(
  conversation: Conversation | null,
  command: ConversationCommand,
  facts: Facts,
): Decision {
  switch (facts.by.kind) {
    case "visitor":
      return decideForVisitor(conversation, command as VisitorCommand, facts);
    case "agent":
      if (!conversation) return refused("not_found");
      return decideForAgent(conversation, command as AgentConversationCommand, facts, facts.by.id);
    default:
      if (!conversation) return refused("not_found");
      return decideForSystem(conversation, command as SystemCommand, facts);
  }
}

function decideForVisitor(
  conversation: Conversation | null,
  command: VisitorCommand,
  facts: Facts,
): Decision {
  // Somebody else's conversation answers exactly like one that doesn't exist.
  if (conversation && conversation.visitor !== facts.by.id) return refused("not_found");
  if (command.kind === "start") return start(conversation, command, facts);
  if (!conversation) return refused("not_found");
  switch (command.kind) {
    case "say":
      return visitorSays(conversation, { kind: "message", body: command.content }, facts);
    case "end":
      if (!moved(conversation.status, "close")) return refused("closed");
      return decided({ kind: "closed", body: { reason: "visitor" }, fences: true });
  }
}

function start(
  conversation: Conversation | null,
  command: Extract<VisitorCommand, { kind: "start" }>,
  facts: Facts,
): Decision {
  if (conversation) {
    return conversation.status === "closed"
      ? refused("closed", { startNew: true })
      : { already: conversation };
  }
  const arrival = facts.arrival;
  if (!arrival) throw new Error("a visitor's start needs to know where they arrived");
  const queue = command.queue ?? arrival.queue;
  if (!facts.queues.has(queue)) return refused("invalid", { path: "queue" });
  return decided(
    {
      kind: "started",
      body: {
        site: arrival.site,
        visitor: arrival.visitor,
        name: command.name ?? null,
        locale: arrival.locale,
        zone: arrival.zone,
        page: command.page ?? null,
        queue,
        priority: priority.normal,
        units: oneChat,
      },
    },
    enter(queue, facts, { why: "started", queuedAt: facts.now, priority: priority.normal }),
  );
}

function visitorSays(conversation: Conversation, message: Draft, facts: Facts): Decision {
  switch (conversation.status) {
    case "closed": {
      if (facts.now - conversation.closedAt > reopenWindow) {
        return refused("closed", { startNew: true });
      }
      const { queue, priority } = conversation;
      return decided(
        message,
        enter(queue, facts, { why: "reopened", queuedAt: facts.now, priority }),
      );
    }
    case "parked": {
      const { why, queue } = conversation;
      if (why !== "unattended" && why !== "visitorAway") return decided(message);
      if (facts.staffed(queue)) return decided(message, wake(conversation, facts));
      // Back, but nobody is there: from now on it is woken by whoever comes.
      return why === "visitorAway" ? decided(message, unattended(queue, facts)) : decided(message);
    }
    default:
      return decided(message);
  }
}

function decideForAgent(
  conversation: Conversation,
  command: AgentConversationCommand,
  facts: Facts,
  agent: AgentId,
): Decision {
  if (command.kind === "note") {
    return decided({ kind: "note", body: { text: command.text, about: "note" } });
  }
  if (conversation.status === "closed") return refused("closed");
  if (command.fence !== conversation.fence) return refused("fenced");
  if (ownerOf(conversation) !== agent) return refused("forbidden");
  switch (command.kind) {
    case "say":
      return decided({ kind: "message", body: command.content });
    case "close":
      return decided({ kind: "closed", body: { reason: "agent" }, fences: true });
    case "transfer": {
      if (!facts.queues.has(command.queue)) return refused("invalid", { path: "queue" });
      const { queuedAt, priority } = conversation;
      const moveOn = queued(command.queue, facts, { why: "transfer", queuedAt, priority });
      return command.note
        ? decided({ kind: "note", body: { text: command.note, about: "transfer" } }, moveOn)
        : decided(moveOn);
    }
  }
}

function decideForSystem(
  conversation: Conversation,
  command: SystemCommand,
  facts: Facts,
): Decision {
  if (command.fence !== conversation.fence) return refused("fenced");
  switch (command.kind) {
    case "assign": {
      if (conversation.status !== "queued") return refused("fenced");
      const name = facts.agentName(command.agent);
      if (name === null) return refused("not_found");
      const { agent, because } = command;
      const body = { agent, name, units: conversation.units };
      return decided({ kind: "assigned", body, because, fences: true });
    }
    case "wake":
      if (conversation.status !== "parked") return refused("fenced");
      return decided(wake(conversation, facts));
    case "requeue": {
      if (ownerOf(conversation) !== command.agent) return refused("fenced");
      // Queued although perhaps nobody is there: who has been waited on isn't sent away.
      const { queue, queuedAt, priority } = conversation;
      return decided(queued(queue, facts, { why: "agentGone", queuedAt, priority }));
    }
    case "abandon": {
      // Whoever wrote meanwhile is there.
      if (conversation.status !== "queued" || conversation.seq !== command.seq) {
        return refused("fenced");
      }
      // What they wrote and nobody answered isn't thrown away with their place.
      return conversation.unansweredSince === null
        ? decided({ kind: "closed", body: { reason: "abandoned" }, fences: true })
        : decided(parked("visitorAway", conversation.queue, facts));
    }
  }
}

type Entry = { why: QueueReason; queuedAt: Instant; priority: number };

/** Into the queue when somebody is there, otherwise parked until somebody comes. */
function enter(queue: QueueId, facts: Facts, entry: Entry): Draft {
  if (facts.staffed(queue)) return queued(queue, facts, entry);
  return unattended(queue, facts);
}

const unattended = (queue: QueueId, facts: Facts): Draft => parked("unattended", queue, facts);

/** Until people do something: no clock wakes it. */
function parked(why: "unattended" | "visitorAway", queue: QueueId, facts: Facts): Draft {
  const body = { why, wakeAt: null, queue, queueName: nameOf(queue, facts) };
  return { kind: "parked", body, fences: true };
}

/** On waking the wait counts from the oldest unanswered message (decision 3). */
function wake(conversation: Conversation, facts: Facts): Draft {
  const { queue, priority, unansweredSince } = conversation;
  const queuedAt = unansweredSince ?? facts.now;
  return queued(queue, facts, { why: "woken", queuedAt, priority });
}

function queued(queue: QueueId, facts: Facts, { why, queuedAt, priority }: Entry): Draft {
  const body = { queue, queueName: nameOf(queue, facts), queuedAt, priority, why };
  return { kind: "queued", body, fences: true, newLeg: true };
}

function nameOf(queue: QueueId, facts: Facts): string {
  const known = facts.queues.get(queue);
  if (!known) throw new Error(`queue ${queue} is not among the facts`);
  return known.name;
}
