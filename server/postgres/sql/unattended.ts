import type { Conversation } from "#shared/model/conversation.ts";
import type { QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";
import { type ConversationRow, conversationColumns, conversationOf } from "../rows/conversation.ts";

/** Parked because nobody could take them, oldest wait first. */
export async function unattended(
  driver: Driver,
  workspace: WorkspaceId,
  queues: readonly QueueId[],
  limit: number,
): Promise<Conversation[]> {
  const rows = await driver.query<ConversationRow>(
    `select ${conversationColumns("c")} from conversation c
     where c.workspace = $1 and c.queue = any($2::uuid[])
       and c.status = 'parked' and c.why = 'unattended'
     order by coalesce(c.unanswered_since, c.queued_at), c.id
     limit $3`,
    [workspace, queues, limit],
  );
  return rows.map(conversationOf);
}
