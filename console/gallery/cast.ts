import type { CloseReason, Conversation } from "#shared/model/conversation.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import { type Instant, minutes, seconds } from "#shared/model/time.ts";
import type { Because, ConversationEvent, EventBody } from "#shared/protocol/events.ts";
import type { AgentWelcome, ListRow, Me } from "#shared/protocol/sockets.ts";
import type { Account } from "../signin/accounts.ts";

/** The people, queues and chats the gallery plays with. Time stands still, so that pictures compare. */
export const now: Instant = Date.UTC(2026, 2, 12, 14, 5, 30);

export const idOf = <T extends string>(kind: string, n: number): T =>
  `0195a3c4-${kind}-7000-8000-${n.toString(16).padStart(12, "0")}` as T;

const agent = (n: number) => idOf<AgentId>("a000", n);
export const chatId = (n: number) => idOf<ConversationId>("c000", n);
const queueId = (n: number) => idOf<QueueId>("e000", n);

export const account: Account = { id: agent(1), name: "Maja Zielińska", role: "agent" };

export const colleagues = [
  { id: agent(1), name: "Maja Zielińska" },
  { id: agent(2), name: "Piotr Nowak" },
  { id: agent(3), name: "Олена Шевченко" },
  { id: agent(4), name: "Tom Fischer" },
];

export const queues = [
  { id: queueId(1), name: "Sales", escalatesTo: null, memberOf: true, online: 3 },
  { id: queueId(2), name: "Support", escalatesTo: queueId(3), memberOf: true, online: 1 },
  { id: queueId(3), name: "Billing and refunds", escalatesTo: null, memberOf: false, online: 0 },
  { id: queueId(4), name: "Returns", escalatesTo: null, memberOf: false, online: 2 },
];

const cannedReplies = [
  {
    id: "1",
    shortcut: "hi",
    title: "Greeting",
    text: "Hello {{visitor.name}}, I’m {{agent.name}}. How can I help you today?",
  },
  {
    id: "2",
    shortcut: "order",
    title: "Ask for the order number",
    text: "Could you send me your order number? It begins with PL and is in the confirmation email.",
  },
  {
    id: "3",
    shortcut: "delay",
    title: "Delivery is late",
    text: "I’m sorry that your parcel is late. I’m checking with the carrier and will be back in a few minutes.",
  },
  {
    id: "4",
    shortcut: "refund",
    title: "Refund takes 3–5 days",
    text: "Your refund is on its way. Banks usually need 3–5 working days.",
  },
  {
    id: "5",
    shortcut: "bye",
    title: "Goodbye",
    text: "Thank you, {{visitor.name}}. Have a good day.",
  },
];

export const me = (change: Partial<Me> = {}): Me => ({
  id: account.id,
  name: account.name,
  email: "maja.zielinska@example.com",
  role: account.role,
  status: "online",
  capacity: 400,
  used: 0,
  ...change,
});

export const welcome = (self: Me): AgentWelcome => ({
  protocol: 1,
  logEpoch: "gallery",
  now,
  me: self,
  queues,
  colleagues,
  cannedReplies,
});

type Chat = {
  n: number;
  name?: string | null;
  queue?: number;
  priority?: number;
  /** How long ago, in seconds: start, oldest unanswered message, last message. */
  started?: number;
  unanswered?: number | null;
  said?: [by: "visitor" | "agent", text: string, ago: number] | null;
  unread?: number;
  page?: string | null;
  locale?: string;
  zone?: string;
  /** How long ago it was closed, in seconds, and by whom. */
  closed?: number;
  reason?: CloseReason;
  held?: Partial<{ agent: number; status: "queued" | "closed" | "parked" }>;
};

/** A conversation as a list knows it. */
export function chat(of: Chat): ListRow {
  const { n, held = {} } = of;
  const createdAt = now - seconds(of.started ?? 600);
  const common = {
    workspace: idOf<WorkspaceId>("b000", 1),
    id: chatId(n),
    site: idOf<SiteId>("d000", 1),
    visitor: idOf<VisitorId>("f000", n * 7919),
    name: of.name ?? null,
    locale: of.locale ?? "en-GB",
    zone: of.zone ?? "Europe/London",
    page: of.page === undefined ? "https://shop.example.com/cart?step=2" : of.page,
    createdAt,
    seq: 3,
    at: createdAt,
    head: { seq: 3, at: createdAt },
    fence: 2,
    leg: 1,
    queue: queueId(of.queue ?? 1),
    priority: of.priority ?? 20,
    queuedAt: createdAt,
    unansweredSince: of.unanswered == null ? null : now - seconds(of.unanswered),
    units: 100,
  };
  const conversation: Conversation =
    held.status === "queued"
      ? { ...common, status: "queued" }
      : held.status === "closed"
        ? {
            ...common,
            status: "closed",
            reason: of.reason ?? "visitor",
            closedAt: now - seconds(of.closed ?? 30),
          }
        : held.status === "parked"
          ? { ...common, status: "parked", why: "unattended", wakeAt: null }
          : {
              ...common,
              status: "assigned",
              agent: agent(held.agent ?? 1),
              since: createdAt + seconds(40),
            };
  const preview = of.said
    ? { by: of.said[0], text: of.said[1], at: now - seconds(of.said[2]) }
    : null;
  const score = held.status === "queued" ? createdAt : null;
  return { conversation, preview, unread: of.unread ?? 0, score };
}

/** Why a chat came to the first of the candidates, at an instant. */
export const because = (at: Instant, first: AgentId): Because => ({
  reason: "mostSpareUnits",
  waitedMs: seconds(38),
  position: 1,
  filtered: { notMember: 3, away: 1, notLive: 0, full: 2 },
  candidates: [
    { agent: first, spare: 300, lastAssignedAt: at - minutes(34) },
    { agent: agent(4), spare: 200, lastAssignedAt: at - minutes(51) },
    { agent: agent(3), spare: 100, lastAssignedAt: 0 },
  ],
  versions: { engine: 1, queue: 4 },
});

/** An event of a conversation's log, as much of it as a timeline reads. */
export function event(
  conversation: Conversation,
  seq: number,
  ago: number,
  body: EventBody,
  more: Partial<Pick<ConversationEvent, "by" | "because">> = {},
): ConversationEvent {
  return {
    workspace: conversation.workspace,
    conversation: conversation.id,
    seq,
    prev: seq - 1,
    at: now - seconds(ago),
    v: 1,
    by: { kind: "system", id: "router" },
    cause: idOf<CommandId>("1000", seq),
    index: 0,
    leg: conversation.leg,
    fence: conversation.fence,
    audience: 7,
    because: null,
    ...more,
    ...body,
  } as ConversationEvent;
}
