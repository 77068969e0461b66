import type { Conversation, Offer } from "#shared/model/conversation.ts";
import type { AgentId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";

type Common = Pick<
  Conversation,
  | "workspace"
  | "id"
  | "site"
  | "visitor"
  | "name"
  | "locale"
  | "zone"
  | "page"
  | "seq"
  | "at"
  | "fence"
  | "leg"
  | "queue"
  | "priority"
  | "units"
  | "status"
>;

/** The columns of `conversation`; which of the last seven are filled depends on the status. */
export type ConversationRow = Common & {
  created_at: Instant;
  head_seq: number;
  head_at: Instant;
  queued_at: Instant;
  unanswered_since: Instant | null;
  offers: readonly Offer[] | null;
  agent: AgentId | null;
  since: Instant | null;
  why: string | null;
  wake_at: Instant | null;
  reason: string | null;
  closed_at: Instant | null;
};

const columns = [
  ...["workspace", "id", "site", "visitor", "name", "locale", "zone", "page", "created_at"],
  ...["seq", "at", "head_seq", "head_at", "fence", "leg", "queue", "priority", "queued_at"],
  ...["unanswered_since", "units", "status", "offers", "agent", "since", "why", "wake_at"],
  ...["reason", "closed_at"],
];

/** The columns of `conversation` under an alias, as a select list. */
export const conversationColumns = (alias: string): string =>
  columns.map((column) => `${alias}.${column}`).join(", ");

export function conversationRow(conversation: Conversation): ConversationRow {
  const { createdAt, head, queuedAt, unansweredSince, ...rest } = conversation;
  const { workspace, id, site, visitor, name, locale, zone, page, seq, at } = rest;
  const { fence, leg, queue, priority, units, status } = rest;
  return {
    ...{ workspace, id, site, visitor, name, locale, zone, page, seq, at },
    ...{ fence, leg, queue, priority, units, status },
    created_at: createdAt,
    head_seq: head.seq,
    head_at: head.at,
    queued_at: queuedAt,
    unanswered_since: unansweredSince,
    ...noStatus,
    ...statusColumns(conversation),
  };
}

const noStatus = {
  offers: null,
  agent: null,
  since: null,
  why: null,
  wake_at: null,
  reason: null,
  closed_at: null,
};

function statusColumns(conversation: Conversation): Partial<ConversationRow> {
  switch (conversation.status) {
    case "queued":
      return {};
    case "offered":
      return { offers: conversation.offers };
    case "assigned":
      return { agent: conversation.agent, since: conversation.since };
    case "parked":
      return { why: conversation.why, wake_at: conversation.wakeAt };
    case "closed":
      return { reason: conversation.reason, closed_at: conversation.closedAt };
  }
}

/** The table's check constraints promise that the columns a status needs are filled. */
export function conversationOf(row: ConversationRow): Conversation {
  const { workspace, id, site, visitor, name, locale, zone, page, seq, at } = row;
  const { fence, leg, queue, priority, units } = row;
  const common = {
    ...{ workspace, id, site, visitor, name, locale, zone, page },
    createdAt: row.created_at,
    ...{ seq, at, head: { seq: row.head_seq, at: row.head_at }, fence, leg, queue, priority },
    queuedAt: row.queued_at,
    unansweredSince: row.unanswered_since,
    units,
  };
  return { ...common, ...statusOf(row) } as Conversation;
}

function statusOf(row: ConversationRow): object {
  const { status } = row;
  switch (status) {
    case "queued":
      return { status };
    case "offered":
      return { status, offers: row.offers };
    case "assigned":
      return { status, agent: row.agent, since: row.since };
    case "parked":
      return { status, why: row.why, wakeAt: row.wake_at };
    case "closed":
      return { status, reason: row.reason, closedAt: row.closed_at };
  }
}
