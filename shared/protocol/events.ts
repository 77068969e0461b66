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
 * nothing else (decision 4). Unknown kinds advance `seq` and are skipped by clients.
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

/**
 * Why a decision fell as it did (decision 17). Refers to people and texts by id only. Logs keep
 * what older engines wrote, so what is optional here came with a later one.
 */
export type Because = {
  reason: BecauseReason;
  /** How long the chat had waited when it was assigned or offered. */
  waitedMs: Millis;
  /** 1-based place in its queue at the time. */
  position: number;
  /** How many agents each filter removed, counted by the first that held; the newer ones unless 0. */
  filtered: Filtered;
  /** How far what was asked for had been relaxed; left out while it hadn't. */
  relaxed?: { steps: number; anyone: boolean };
  /** Best first, at most five, with the figures that were compared. */
  candidates: readonly BecauseCandidate[];
  versions: { engine: number; queue: number };
};

/** The comparison that decided between who was chosen and who came next. */
export type BecauseReason =
  | "mostSpareUnits"
  | "longestIdle"
  | "lowestId"
  | "onlyCandidate"
  | "membershipPriority"
  | "roundRobin"
  | "fewestRecent"
  | "fillFirst"
  /** Equal otherwise, and one was a member of the chat's own queue. */
  | "ownQueue"
  /** The visitor's last agent or account manager, within the time box. */
  | "preferred"
  /** It rings at all who could take it. */
  | "everyCandidate";

export type Filtered = Record<"notMember" | "away" | "notLive" | "full", number> &
  Partial<Record<NewerFilter, number>>;

/** Filters that came with the second engine. */
export type NewerFilter =
  | "delayed"
  | "finishing"
  | "offline"
  | "unskilled"
  | "passed"
  | "ringing"
  | "capped"
  | "queueFull"
  | "held";

export type BecauseCandidate = {
  agent: AgentId;
  spare: Units;
  lastAssignedAt: Instant;
  priority?: number;
  /** Since when no chat came or went. */
  idleSince?: Instant;
  /** Automatic assignments in the last hour. */
  recent?: number;
  /** Only a member of a queue that the chat's own was widened to. */
  widened?: true;
};
