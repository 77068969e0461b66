import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";
import { type ConversationRow, conversationColumns, conversationOf } from "../rows/conversation.ts";

/** A conversation as its last commit left it. */
export async function conversation(
  driver: Driver,
  workspace: WorkspaceId,
  id: ConversationId,
): Promise<Conversation | null> {
  const [row] = await driver.query<ConversationRow>(
    `select ${conversationColumns("c")} from conversation c where c.workspace = $1 and c.id = $2`,
    [workspace, id],
  );
  return row ? conversationOf(row) : null;
}
