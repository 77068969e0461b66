import type { Actor } from "../model/actor.ts";
import type { Units } from "../model/agent.ts";
import type { AudienceMask } from "../model/audience.ts";
import type { CloseReason, ParkReason, QueueReason } from "../model/conversation.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "../model/ids.ts";
import type { MessageContent } from "../model/message.ts";
import type { Instant, Millis } from "../model/time.ts";

/**
 * The conversation log. Only `body` may hold a person's words, so that erasing replaces bodies and
 * nothing else (house decision 4). Unknown kinds advance `seq` and are skipped by clients.
 */
export type ConversationEvent = Envelope & EventBody;

export type Envelope = {
  workspace: WorkspaceId;
  conversation: ConversationId;
  /** Dense from 1 within the conversation. */
  seq: number;
  /** The last seq before this one that the visitor may see: what a visitor's gap check uses. */
  prev: number;
  at: Instant;
  /** Version of the body's shape, per kind. */
  v: 1;
  by: Actor;
  /** The command this event came from, and its place among that command's events. */
  cause: CommandId;
  index: number;
  leg: number;
  fence: number;
  audience: AudienceMask;
  because: Because | null;
};

export type EventBody =
  | { kind: "started"; body: StartedBody }
  | { kind: "message"; body: MessageContent }
  | { kind: "note"; body: { text: string; about: "note" | "transfer" } }
  | { kind: "queued"; body: QueuedBody }
  | { kind: "assigned"; body: { agent: AgentId; name: string; units: Units } }
  | {
      kind: "parked";
      body: { why: ParkReason; wakeAt: Instant | null; queue: QueueId; queueName: string };
    }
  | { kind: "closed"; body: { reason: CloseReason } };

export type EventKind = EventBody["kind"];
export type EventOf<K extends EventKind> = Envelope & Extract<EventBody, { kind: K }>;

export type StartedBody = {
  site: SiteId;
  visitor: VisitorId;
  name: string | null;
  locale: string;
  zone: string;
  page: string | null;
  /** The queue asked for; the `queued` or `parked` event beside it says where it really went. */
  queue: QueueId;
  priority: number;
  units: Units;
};

export type QueuedBody = {
  queue: QueueId;
  queueName: string;
  /** The instant the wait counts from: earlier than `at` when age was kept. */
  queuedAt: Instant;
  priority: number;
  why: QueueReason;
};

/** Why a decision fell as it did (house decision 17). Refers to people and texts by id only. */
export type Because = {
  reason: "mostSpareUnits" | "longestIdle" | "lowestId" | "onlyCandidate";
  /** How long the chat had waited when it was assigned. */
  waitedMs: Millis;
  /** 1-based place in its queue at the time. */
  position: number;
  /** How many agents each filter removed, in the order the filters ran. */
  filtered: { notMember: number; away: number; notLive: number; full: number };
  /** Best first, at most five. */
  candidates: readonly { agent: AgentId; spare: Units; lastAssignedAt: Instant }[];
  versions: { engine: number; queue: number };
};
