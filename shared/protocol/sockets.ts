import type { ActorKind } from "../model/actor.ts";
import type { DeclaredStatus, Role, Units } from "../model/agent.ts";
import type { Conversation } from "../model/conversation.ts";
import type { AgentId, ConversationId, QueueId } from "../model/ids.ts";
import type { Instant, Millis } from "../model/time.ts";
import type { AgentCommand, VisitorCommand } from "./commands.ts";
import type { ConversationEvent } from "./events.ts";
import type { Hello } from "./hello.ts";
import type { Refusal } from "./refusals.ts";
import type { Join, ListName, Receipts, Sync, Typing } from "./requests.ts";

/** Socket.IO namespaces. The visitor's ignores cookies, the agent's wants one (decision 18). */
export const visitorNamespace = "/visitor";
export const agentNamespace = "/agent";

export type Refused = { ok: false; refusal: Refusal };
export type Answer<T> = ({ ok: true } & T) | Refused;
export type Reply<T> = (answer: Answer<T>) => void;

/** `seq` is that of the command's first event; `repeat` says the command had been taken before. */
export type Accepted = {
  conversation: ConversationId | null;
  seq: number;
  at: Instant;
  repeat: boolean;
};

/** How far each side has got, cumulative. `agent` is the agent who holds the conversation. */
export type Cursors = Record<"visitor" | "agent", { delivered: number; read: number }>;

/** Heads sent to a visitor are clamped to the last event they may see. */
export type Head = { conversation: ConversationId; head: number; cursors: Cursors };

export type Page = {
  logEpoch: string;
  events: ConversationEvent[];
  head: number;
  /** More events lie between the last one here and `head`. */
  more: boolean;
  cursors: Cursors;
};

type Shared<Command> = {
  command: (command: Command, reply: Reply<Accepted>) => void;
  /** Answers once the node listens for the conversation's events; then sync from what you have. */
  join: (request: Join, reply: Reply<{ head: Head }>) => void;
  leave: (request: Join, reply: Reply<object>) => void;
  sync: (request: Sync, reply: Reply<Page>) => void;
  receipts: (request: Receipts, reply: Reply<object>) => void;
  /** A signal: not logged, not acknowledged, the first thing dropped under load. */
  typing: (request: Typing) => void;
};

type Delivered = {
  events: (message: { conversation: ConversationId; events: ConversationEvent[] }) => void;
  heads: (message: { logEpoch: string; heads: Head[] }) => void;
  typing: (message: { conversation: ConversationId; by: ActorKind; on: boolean }) => void;
  /** The server is going away: reconnect after this long. */
  draining: (message: { retryAfterMs: Millis }) => void;
};

export type VisitorWelcome = {
  protocol: number;
  logEpoch: string;
  now: Instant;
  site: { name: string; accent: string | null };
  /** Whether somebody could answer now. */
  staffed: boolean;
  /** The visitor's latest conversation, open or closed, or null. */
  conversation: ConversationId | null;
};

export type VisitorToServer = Shared<VisitorCommand> & {
  hello: (hello: Hello, reply: Reply<VisitorWelcome>) => void;
};
export type ServerToVisitor = Delivered & {
  /**
   * 1-based place in the queue, null when no longer waiting; `staffed` says whether anybody serves
   * the queue it waits in now, which needn't be the one new chats come into.
   */
  position: (message: {
    conversation: ConversationId;
    position: number | null;
    staffed: boolean;
  }) => void;
  staffed: (message: { staffed: boolean }) => void;
};

/** What a visitor without a WebSocket is told, in this order; `seen` goes into the next poll. */
export type Polled = { seen: string; signals: Signal[] };
type Signal = {
  [Name in keyof ServerToVisitor]: [Name, Parameters<ServerToVisitor[Name]>[0]];
}[keyof ServerToVisitor];

/** A line of a console list: what the row shows, nothing more. */
export type ListRow = {
  conversation: Conversation;
  preview: { by: ActorKind; text: string; at: Instant } | null;
  /** Visitor messages the holding agent has not read. */
  unread: number;
  /** In `waiting`: what it is ranked by, lower is served earlier; then `queuedAt`, then id. Else null. */
  score: number | null;
};

export type ListWindow = {
  list: ListName;
  /** Grows by one with each patch; a gap means: ask again. */
  version: number;
  rows: ListRow[];
  /** How many there are in all; `rows` holds the first of them. */
  total: number;
};

export type ListPatch = {
  list: ListName;
  version: number;
  upsert: ListRow[];
  remove: ConversationId[];
  total: number;
};

export type QueueInfo = {
  id: QueueId;
  name: string;
  escalatesTo: QueueId | null;
  memberOf: boolean;
  /** How many of its agents are online now, oneself included; `present` tells when it changes. */
  online: number;
};
export type CannedReply = { id: string; shortcut: string; title: string; text: string };
export type Colleague = { id: AgentId; name: string };
export type Me = {
  id: AgentId;
  name: string;
  email: string;
  role: Role;
  status: DeclaredStatus;
  capacity: Units;
  used: Units;
};

export type AgentWelcome = {
  protocol: number;
  logEpoch: string;
  now: Instant;
  me: Me;
  queues: QueueInfo[];
  colleagues: Colleague[];
  cannedReplies: CannedReply[];
};

export type AgentToServer = Shared<AgentCommand> & {
  hello: (hello: Hello, reply: Reply<AgentWelcome>) => void;
  /** Follow a list: its window now, patches from here on. */
  list: (request: { list: ListName }, reply: Reply<ListWindow>) => void;
};
export type ServerToAgent = Delivered & {
  patch: (patch: ListPatch) => void;
  /** How many agents are online in these queues, where that changed. */
  present: (message: { queues: { id: QueueId; online: number }[] }) => void;
  /** What the agent's own state is now, after any change from any tab or from the router. */
  me: (me: Me) => void;
};
