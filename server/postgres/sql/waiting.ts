import type { WorkspaceId } from "#shared/model/ids.ts";
import type { ListPage } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { conversationColumns } from "../rows/conversation.ts";
import { type ListedRow, listedColumns, listedJoins, listRowOf } from "../rows/listRow.ts";
import { queueNow } from "./queues.ts";

/** The chats waiting in any queue, in the order they will be served (domain/rank). */
export async function waiting(
  driver: Driver,
  workspace: WorkspaceId,
  limit: number,
): Promise<ListPage> {
  const rows = await driver.query<ListedRow>(
    `select ${conversationColumns("c")}, c.total, c.score, ${listedColumns}
     from (
       select w.*,
              w.queued_at - q.step_ms::bigint * w.priority as score,
              (count(*) over ())::int as total
       from conversation w
       join (${queueNow}) q on q.queue = w.queue
       where w.workspace = $1 and w.status = 'queued'
       order by score, w.queued_at, w.id
       limit $2
     ) c
     ${listedJoins}
     order by c.score, c.queued_at, c.id`,
    [workspace, limit],
  );
  return { rows: rows.map(listRowOf), total: rows[0]?.total ?? 0 };
}
