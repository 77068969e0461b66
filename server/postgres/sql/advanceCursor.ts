import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { Cursors } from "#shared/protocol/sockets.ts";
import type { Driver } from "../driver.ts";
import { type CursorRow, cursorsOf } from "../rows/cursors.ts";
import { cursors } from "./heads.ts";

/**
 * Moves a side's cursors forward, never back and never past what that side may see. What was read
 * was delivered. Writes nothing when nothing moves, which is what most receipts do.
 */
export async function advanceCursor(
  driver: Driver,
  workspace: WorkspaceId,
  id: ConversationId,
  side: "visitor" | "agent",
  to: { delivered: number; read: number },
): Promise<Cursors> {
  const [row] = await driver.query<CursorRow>(statements[side], [
    workspace,
    id,
    to.read,
    Math.max(to.delivered, to.read),
  ]);
  if (row) return cursorsOf(row);
  // No row in this statement's snapshot, yet nothing to insert: another receipt made it just now.
  return await cursors(driver, workspace, id);
}

const statements = { visitor: statement("visitor", "head_seq"), agent: statement("agent", "seq") };

/** The last select answers when nothing was written. */
function statement(side: string, head: string): string {
  const all = "visitor_delivered, visitor_read, agent_delivered, agent_read";
  return `
    with moved as (
      insert into cursor as k (workspace, conversation, ${side}_read, ${side}_delivered)
      select workspace, id, least($3::int, ${head}), least($4::int, ${head})
      from conversation
      where workspace = $1 and id = $2
      on conflict (workspace, conversation) do update
      set ${side}_read = greatest(k.${side}_read, excluded.${side}_read),
          ${side}_delivered = greatest(k.${side}_delivered, excluded.${side}_delivered)
      where k.${side}_read < excluded.${side}_read
        or k.${side}_delivered < excluded.${side}_delivered
      returning ${all}
    )
    select ${all} from moved
    union all
    select ${all} from cursor
    where workspace = $1 and conversation = $2 and not exists (select from moved)`;
}
