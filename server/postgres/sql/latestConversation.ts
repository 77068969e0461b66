import type { Conversation } from "#shared/model/conversation.ts";
import type { VisitorId, WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";
import { type ConversationRow, conversationColumns, conversationOf } from "../rows/conversation.ts";

/** The visitor's newest conversation, an open one before any closed one. */
export async function latestConversation(
  driver: Driver,
  workspace: WorkspaceId,
  visitor: VisitorId,
): Promise<Conversation | null> {
  const [row] = await driver.query<ConversationRow>(
    `select ${conversationColumns("c")} from conversation c
     where c.workspace = $1 and c.visitor = $2
     order by c.status = 'closed', c.created_at desc, c.id desc
     limit 1`,
    [workspace, visitor],
  );
  return row ? conversationOf(row) : null;
}
