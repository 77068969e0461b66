import type { Conversation } from "#shared/model/conversation.ts";
import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";
import { type ConversationRow, conversationColumns, conversationOf } from "../rows/conversation.ts";

/** Every conversation that isn't closed: what the Desk is rebuilt from. */
export async function openConversations(
  driver: Driver,
  workspace: WorkspaceId,
): Promise<Conversation[]> {
  const rows = await driver.query<ConversationRow>(
    `select ${conversationColumns("c")} from conversation c
     where c.workspace = $1 and c.status <> 'closed'
     order by c.id`,
    [workspace],
  );
  return rows.map(conversationOf);
}
