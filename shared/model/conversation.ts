import type { Units } from "./agent.ts";
import type { AgentId, ConversationId, QueueId, SiteId, VisitorId, WorkspaceId } from "./ids.ts";
import { hours, type Instant, type Millis } from "./time.ts";

/**
 * Where a conversation can be and which move takes it where (SPEC L1, L5, L6). The table is the diagram;
 * the types below are derived from it or held against it. `bot` is reserved for a later status.
 */
export const lifecycle = {
  queued: {
    requeue: "queued",
    offer: "offered",
    assign: "assigned",
    park: "parked",
    close: "closed",
  },
  offered: {
    requeue: "queued",
    offer: "offered",
    withdraw: "queued",
    assign: "assigned",
    park: "parked",
    close: "closed",
  },
  assigned: { requeue: "queued", assign: "assigned", park: "parked", close: "closed" },
  parked: { requeue: "queued", assign: "assigned", park: "parked", close: "closed" },
  closed: { requeue: "queued", park: "parked" },
} as const satisfies Record<string, Record<string, string>>;

export type Status = keyof typeof lifecycle;
export type Move = "requeue" | "offer" | "withdraw" | "assign" | "park" | "close";

/** The status a move leads to, or null where the lifecycle has no such move. */
export const moved = (from: Status, move: Move): Status | null =>
  (lifecycle[from] as Partial<Record<Move, Status>>)[move] ?? null;

/** Why a conversation is parked. `wakeAt` is null for `unattended` and `visitorAway`: people wake those, not a clock. */
export type ParkReason = "unattended" | "visitorAway" | "snooze" | "leftMessage";
export type CloseReason = "agent" | "visitor" | "abandoned";
/** What brought a conversation into a queue; every one of them starts a new leg. */
export type QueueReason = "started" | "transfer" | "woken" | "reopened" | "agentGone";

/** A ringing offer (its commands come with offers; the status is part of the lifecycle from the start). */
export type Offer = { agent: AgentId; until: Instant };

type Common = {
  workspace: WorkspaceId;
  id: ConversationId;
  site: SiteId;
  visitor: VisitorId;
  /** The visitor's own words about who they are; null until given. */
  name: string | null;
  locale: string;
  zone: string;
  /** The page the chat was started on, as the host page told it. */
  page: string | null;
  createdAt: Instant;
  /** Last event's sequence number and time; `seq` is dense from 1. */
  seq: number;
  at: Instant;
  /** The last event the visitor may see: their head, and the next visible event's `prev`. */
  head: { seq: number; at: Instant };
  /** Moves only when owner, queue or status changes; agents' writes carry it (decision 5). */
  fence: number;
  leg: number;
  /** The queue it waits in or last came through. */
  queue: QueueId;
  /** 0–100, age-equivalent (decision 16). */
  priority: number;
  /** When the waiting that counts began; kept over transfers. */
  queuedAt: Instant;
  /** Time of the oldest visitor message nobody has answered; null when it's the visitor's turn. */
  unansweredSince: Instant | null;
  /** What the conversation weighs in an agent's capacity. */
  units: Units;
};

export type Conversation = Common &
  (
    | { status: "queued" }
    | { status: "offered"; offers: readonly Offer[] }
    | { status: "assigned"; agent: AgentId; since: Instant }
    | { status: "parked"; why: ParkReason; wakeAt: Instant | null }
    | { status: "closed"; reason: CloseReason; closedAt: Instant }
  );

/** How long after closing the visitor's next message goes on in the same conversation. */
export const reopenWindow: Millis = hours(24);

export const isOpen = (conversation: Conversation): boolean => conversation.status !== "closed";

/** The agent who holds the conversation, or null while nobody does. */
export const ownerOf = (conversation: Conversation): AgentId | null =>
  conversation.status === "assigned" ? conversation.agent : null;
