import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { Cursors } from "#shared/protocol/sockets.ts";
import type { LogHead } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { type CursorRow, cursorsOf } from "../rows/cursors.ts";

type Row = CursorRow & { id: ConversationId; seq: number; head_seq: number };

/** Where each log ends, for all and for the visitor, and how far each side has got. */
export async function heads(
  driver: Driver,
  workspace: WorkspaceId,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, LogHead>> {
  const rows = await driver.query<Row>(
    `select c.id, c.seq, c.head_seq,
            k.visitor_delivered, k.visitor_read, k.agent_delivered, k.agent_read
     from conversation c
     left join cursor k on k.workspace = c.workspace and k.conversation = c.id
     where c.workspace = $1 and c.id = any($2::uuid[])`,
    [workspace, ids],
  );
  return new Map(rows.map((row) => [row.id, headOf(row)]));
}

const headOf = (row: Row): LogHead => ({
  seq: row.seq,
  visitorSeq: row.head_seq,
  cursors: cursorsOf(row),
});

/** The cursors of one conversation; zero when it isn't known. */
export async function cursors(
  driver: Driver,
  workspace: WorkspaceId,
  id: ConversationId,
): Promise<Cursors> {
  return (await heads(driver, workspace, [id])).get(id)?.cursors ?? cursorsOf(null);
}
