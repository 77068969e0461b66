import type { DeclaredStatus, Role, Units } from "#shared/model/agent.ts";
import type { Audience } from "#shared/model/audience.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type {
  AgentId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import type { Instant, Millis } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { CannedReply, Cursors, ListRow } from "#shared/protocol/sockets.ts";
import type { Change, CommandRecord, DueKind, Subject } from "./domain/change.ts";
import type { Place } from "./domain/place.ts";

export type {
  Change,
  CommandRecord,
  DueChange,
  DueKind,
  SlotChange,
  Subject,
} from "./domain/change.ts";
export { refuseHoles } from "./domain/change.ts";
export type { Place } from "./domain/place.ts";

/**
 * The verbs the domain needs from the world, without a driver's types (house: adapters are thin).
 * Each port has one contract suite under test/contract that every adapter passes.
 */

export interface Clock {
  now(): Instant;
}

export interface Ids {
  /** A fresh lowercase UUIDv7. */
  next(): string;
}

// ---------------------------------------------------------------- Ledger: the system of record (SQL)

export type Committed =
  | { status: "committed"; seq: number; at: Instant; xid: string }
  /** The command had been committed before: its first answer. `conversation` is the one it went to. */
  | { status: "repeat"; seq: number; at: Instant; conversation: ConversationId | null }
  | { status: "bodyMismatch" }
  /** Somebody else committed first: load, decide again. */
  | { status: "seqConflict" }
  /** The visitor has another open conversation on this site. */
  | { status: "openElsewhere"; conversation: ConversationId }
  /** The agent's slots would exceed its capacity. */
  | { status: "full"; agent: AgentId };

/** Thrown when it isn't known whether a commit happened, or the store can't be reached: answer `retry`. */
export class LedgerUnavailable extends Error {
  override readonly name = "LedgerUnavailable";
}

export type AgentRecord = {
  id: AgentId;
  email: string;
  name: string;
  role: Role;
  disabled: boolean;
  status: DeclaredStatus;
  capacity: Units;
  queues: readonly QueueId[];
  /** 0 when it never had an assignment. */
  lastAssignedAt: Instant;
  /** Sum of the agent's slots. */
  used: Units;
};

export type QueueRecord = {
  id: QueueId;
  name: string;
  /** Append-only version of the queue's settings. */
  version: number;
  escalatesTo: QueueId | null;
  /** Seconds of age one priority point is worth (house decision 16). */
  stepSeconds: number;
};

export type SiteRecord = {
  id: SiteId;
  key: string;
  name: string;
  /** Exact origins that may embed the widget. */
  origins: readonly string[];
  accent: string | null;
  /** Where chats from this site go unless they ask for another queue. */
  queue: QueueId;
};

export type VisitorRecord = { id: VisitorId; site: SiteId };

export type LogHead = { seq: number; visitorSeq: number; cursors: Cursors };

export type ListPage = { rows: ListRow[]; total: number };

/**
 * How far a log certainly was: what was committed by then is there for ever, unless the database was
 * put back to before. `beats` counts the starts and the beats of nodes, in the database itself.
 */
export type LogMark = { epoch: string; beats: number };

/** Where the newest mark is kept besides the Desk, which forgets. */
export type LogMarkKeeper = {
  read(): Promise<LogMark | null>;
  write(mark: LogMark): Promise<void>;
};

export interface Ledger {
  /** Identity of this log: changes when the database was restored or moved (house decision 4). */
  logEpoch(): Promise<string>;
  /** The same for a node that starts; another log from now on when any of these marks is missing in it. */
  openLog(marks: readonly LogMark[]): Promise<string>;
  /** Server-side time, to measure this node's clock offset. */
  now(): Promise<Instant>;

  // commits
  /** Batches with other changes under way; resolves with this change's own result. Throws LedgerUnavailable. */
  commit(change: Change): Promise<Committed>;
  /** The first answer to a command, or null. Decides unknown outcomes. */
  findCommand(
    workspace: WorkspaceId,
    record: Pick<CommandRecord, "id" | "subject" | "sender">,
  ): Promise<{
    seq: number;
    at: Instant;
    hash: string;
    conversation: ConversationId | null;
  } | null>;

  // conversations
  conversation(workspace: WorkspaceId, id: ConversationId): Promise<Conversation | null>;
  /** Events after `since` visible to the audience, oldest first, already stripped for it. */
  events(
    workspace: WorkspaceId,
    id: ConversationId,
    audience: Audience,
    since: number,
    limit: number,
  ): Promise<ConversationEvent[]>;
  /** Every conversation that isn't closed: what the Desk is rebuilt from. */
  openConversations(workspace: WorkspaceId): Promise<Conversation[]>;
  /** Parked and unattended, oldest wait first. */
  unattended(
    workspace: WorkspaceId,
    queues: readonly QueueId[],
    limit: number,
  ): Promise<Conversation[]>;
  /** Where each log ends now, for all and for the visitor, and how far each side has got; unknown ids are left out. */
  heads(
    workspace: WorkspaceId,
    ids: readonly ConversationId[],
  ): Promise<Map<ConversationId, LogHead>>;
  /** Moves a side's cursors forward, never back, never past the head; answers what they are now. */
  advanceCursor(
    workspace: WorkspaceId,
    id: ConversationId,
    side: "visitor" | "agent",
    to: { delivered: number; read: number },
  ): Promise<Cursors>;
  /** The chats an agent holds, oldest assignment first. */
  mine(
    workspace: WorkspaceId,
    agents: readonly AgentId[],
    limit: number,
  ): Promise<Map<AgentId, ListPage>>;
  /** The chats waiting in any queue, in the order (score, queuedAt, id). */
  waiting(workspace: WorkspaceId, limit: number): Promise<ListPage>;
  /** The parked chats of these queues, longest unanswered first. */
  parked(workspace: WorkspaceId, queues: readonly QueueId[], limit: number): Promise<ListPage>;
  /** The newest of these queues' closed chats; `total` counts only these, or it would read them all. */
  closed(workspace: WorkspaceId, queues: readonly QueueId[], limit: number): Promise<ListPage>;

  // people and settings
  agents(workspace: WorkspaceId): Promise<AgentRecord[]>;
  queues(workspace: WorkspaceId): Promise<QueueRecord[]>;
  sites(workspace: WorkspaceId): Promise<SiteRecord[]>;
  cannedReplies(workspace: WorkspaceId): Promise<CannedReply[]>;
  /** Declares an agent's status; recorded with its time and command (house decision 17). */
  declareStatus(
    workspace: WorkspaceId,
    agent: AgentId,
    status: DeclaredStatus,
    command: CommandRecord,
    at: Instant,
  ): Promise<{ status: "committed" | "repeat"; at: Instant } | { status: "bodyMismatch" }>;

  // visitors
  visitorByToken(
    workspace: WorkspaceId,
    site: SiteId,
    tokenHash: string,
  ): Promise<VisitorRecord | null>;
  /** Finds or creates: two tabs arriving together get the same visitor. */
  ensureVisitor(
    workspace: WorkspaceId,
    site: SiteId,
    tokenHash: string,
    fresh: { id: VisitorId; contact: string; locale: string; zone: string; at: Instant },
  ): Promise<VisitorRecord>;
  /** The visitor's newest conversation on the site, open first. */
  latestConversation(workspace: WorkspaceId, visitor: VisitorId): Promise<Conversation | null>;

  // console sessions
  credentials(
    workspace: WorkspaceId,
    email: string,
  ): Promise<{ agent: AgentId; passwordHash: string; disabled: boolean } | null>;
  createSession(
    workspace: WorkspaceId,
    session: { hash: string; agent: AgentId; at: Instant; expiresAt: Instant },
  ): Promise<void>;
  session(workspace: WorkspaceId, hash: string, at: Instant): Promise<{ agent: AgentId } | null>;
  endSession(workspace: WorkspaceId, hash: string): Promise<void>;
  /** Which of these sessions `session` would still answer for. */
  liveSessions(
    workspace: WorkspaceId,
    hashes: readonly string[],
    at: Instant,
  ): Promise<ReadonlySet<string>>;

  // leases (fenced): one router at a time
  /** Takes or renews; null while somebody else holds it. `fence` grows with each change of holder. */
  takeLease(
    name: string,
    holder: string,
    length: Millis,
  ): Promise<{ fence: number; until: Instant } | null>;
  releaseLease(name: string, holder: string): Promise<void>;

  // nodes
  /** This node lives for another while; with 0 it ends. Answers a mark of the log as of now. */
  beatNode(
    workspace: WorkspaceId,
    node: { id: string; cutOff: boolean },
    length: Millis,
  ): Promise<LogMark>;
  /** Those that live now; `cutOff` are those that said they can't reach the Desk. */
  nodes(workspace: WorkspaceId): Promise<{ id: string; cutOff: boolean }[]>;

  // due times
  /** Takes what is due under a short committed lease; an unfinished one comes back when the lease ends. */
  takeDue(workspace: WorkspaceId, now: Instant, lease: Millis, limit: number): Promise<DueTaken[]>;
  finishDue(workspace: WorkspaceId, taken: DueTaken): Promise<void>;

  // set-up
  isEmpty(workspace: WorkspaceId): Promise<boolean>;
  seed(workspace: WorkspaceId, seed: Seed): Promise<void>;
  close(): Promise<void>;
}

export type DueTaken = {
  kind: DueKind;
  subject: Subject;
  at: Instant;
  fence: number;
  attempts: number;
};

/** A workspace's first contents. */
export type Seed = {
  at: Instant;
  name: string;
  queues: readonly {
    id: QueueId;
    name: string;
    escalatesTo: QueueId | null;
    stepSeconds: number;
  }[];
  sites: readonly SiteRecord[];
  agents: readonly {
    id: AgentId;
    email: string;
    name: string;
    role: Role;
    passwordHash: string;
    capacity: Units;
    queues: readonly QueueId[];
  }[];
  cannedReplies: readonly CannedReply[];
};

// ---------------------------------------------------------------- Desk: the live accelerator (Redis)

export type Waiting = {
  conversation: ConversationId;
  queue: QueueId;
  score: number;
  queuedAt: Instant;
  seq: number;
  /** What it will weigh in the capacity of whoever takes it. */
  units: Units;
};

export type Floor = {
  state: "ready" | "rebuilding";
  /** In the order (score, queuedAt, id), reserved ones left out. */
  waiting: Waiting[];
  /** Units held and reserved per agent. */
  used: Map<AgentId, Units>;
  live: Set<AgentId>;
};

/** All that the Desk holds, as of one instant: what the reconciler compares with SQL. */
export type Inventory = {
  state: "ready" | "rebuilding";
  placed: Placed[];
  /** False when the Desk's own parts disagree (sets with placements, counted units with held ones). */
  whole: boolean;
};

export type Placed = {
  conversation: ConversationId;
  seq: number;
  place: Exclude<Place, { at: "nowhere" }>;
};

export type Absence = {
  /** What the Desk's own clock says now. */
  at: Instant;
  /** How long the Desk has been complete; 0 while it isn't: it can't have heard of anybody before. */
  knownFor: Millis;
  /** Since the last sign of life of each, in the order asked; 0 while connected, null for those never heard of. */
  silentFor: (Millis | null)[];
};

export type Reserved = "reserved" | "gone" | "full" | "taken" | "rebuilding";

/** The Desk answers again. */
export type Return = {
  /** It may lack something: another one answers, or the connection was lost. False after mere silence. */
  mayLack: boolean;
  /** Since it was noticed that it didn't answer. */
  lostFor(): Millis;
};

/** Thrown while Redis can't be reached: assigning stops, nothing is lost. */
export class DeskUnavailable extends Error {
  override readonly name = "DeskUnavailable";
}

/** A 1-based place in a queue. */
export type QueuePosition = { queue: QueueId; position: number };

export interface Desk {
  // placing: idempotent, carries the conversation's seq, ignored when older than what is there
  place(
    workspace: WorkspaceId,
    conversation: ConversationId,
    seq: number,
    place: Place,
  ): Promise<"placed" | "stale">;
  floor(workspace: WorkspaceId, limit: number): Promise<Floor>;
  inventory(workspace: WorkspaceId): Promise<Inventory>;
  /** Where each stands, null for those not waiting; same order as asked. */
  positions(
    workspace: WorkspaceId,
    conversations: readonly ConversationId[],
  ): Promise<(QueuePosition | null)[]>;
  /** Holds units of an agent for a waiting conversation until its decision is committed. Chooses nothing. */
  reserve(
    workspace: WorkspaceId,
    plan: {
      conversation: ConversationId;
      seq: number;
      agent: AgentId;
      units: Units;
      capacity: Units;
    },
    length: Millis,
  ): Promise<Reserved>;
  release(workspace: WorkspaceId, conversation: ConversationId, agent: AgentId): Promise<void>;

  // liveness
  beat(
    workspace: WorkspaceId,
    who: { kind: "agent" | "visitor"; id: string; connection: string },
    length: Millis,
  ): Promise<void>;
  gone(
    workspace: WorkspaceId,
    who: { kind: "agent" | "visitor"; id: string; connection: string },
  ): Promise<void>;
  /** By the Desk's own clock, so that nodes whose clocks differ agree. */
  absence(
    workspace: WorkspaceId,
    kind: "agent" | "visitor",
    ids: readonly string[],
  ): Promise<Absence>;

  // rebuilding from SQL after Redis was emptied
  epoch(workspace: WorkspaceId): Promise<{ epoch: string; state: "ready" | "rebuilding" } | null>;
  /** Opens a new epoch in state `rebuilding`: writes are taken, reservations refused. */
  beginRebuild(workspace: WorkspaceId, epoch: string): Promise<void>;
  finishRebuild(workspace: WorkspaceId, epoch: string): Promise<void>;
  /** Loses all it knows of the workspace, as if Redis had been emptied: it was of another log. */
  forget(workspace: WorkspaceId): Promise<void>;
  /** Remembers how far the log was, never less far than it knows of the same log. */
  markLog(workspace: WorkspaceId, mark: LogMark): Promise<void>;
  logMark(workspace: WorkspaceId): Promise<LogMark | null>;

  // fan-out: at most once; heads heal what is lost
  publish(workspace: WorkspaceId, channel: Channel, message: string): Promise<void>;
  /** Resolves once the subscription stands. The answer ends it. */
  subscribe(
    workspace: WorkspaceId,
    channel: Channel,
    hear: (message: string) => void,
  ): Promise<() => Promise<void>>;
  /** Called after Redis was away and is back, and when its replication id changed. */
  onReturn(hear: (what: Return) => void): () => void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * `fan:n` carries conversations' events by shard; `wake` says that routing may have work; `roster`
 * that people or settings changed; `lists` that console lists did; `signedOut` that a console session
 * ended; `revive` that Redis forgot who is there; `here` that a node is.
 */
export type Channel =
  | `fan:${number}`
  | "wake"
  | "roster"
  | "lists"
  | "signedOut"
  | "revive"
  | "here";
