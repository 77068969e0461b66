import type { ActorKind } from "#shared/model/actor.ts";
import { type MessageContent, plainText } from "#shared/model/message.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { type ConversationRow, conversationOf } from "./conversation.ts";

/** A conversation with its newest message, and how many visitor messages its agent has not read. */
export type ListedRow = ConversationRow & {
  preview_by: ActorKind | null;
  preview_body: MessageContent | null;
  preview_at: Instant | null;
  unread: number;
  score: number | null;
  total: number;
};

/** Joins for an alias `c` of `conversation` that bring the columns of `ListedRow` beside its own. */
export const listedColumns =
  "m.by_kind as preview_by, m.body as preview_body, m.at as preview_at, u.unread";
export const listedJoins = `
  left join event m
    on m.workspace = c.workspace and m.conversation = c.id and m.seq = c.last_message_seq
  left join cursor k on k.workspace = c.workspace and k.conversation = c.id
  cross join lateral (
    select count(*)::int as unread
    from event e
    where e.workspace = c.workspace and e.conversation = c.id
      and e.seq > coalesce(k.agent_read, 0) and e.kind = 'message' and e.by_kind = 'visitor'
  ) u`;

export function listRowOf(row: ListedRow): ListRow {
  const { preview_by: by, preview_body: body, preview_at: at } = row;
  const preview = by && body && at !== null ? { by, text: plainText(body), at } : null;
  return { conversation: conversationOf(row), preview, unread: row.unread, score: row.score };
}
