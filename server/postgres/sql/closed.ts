import type { QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { ListPage } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { conversationColumns } from "../rows/conversation.ts";
import { type ListedRow, listedColumns, listedJoins, listRowOf } from "../rows/listRow.ts";

/**
 * The chats of these queues that were closed last, newest first. Each queue is read by its index and
 * no further than the limit: there may be years of closed chats behind them.
 */
export async function closed(
  driver: Driver,
  workspace: WorkspaceId,
  queues: readonly QueueId[],
  limit: number,
): Promise<ListPage> {
  const rows = await driver.query<ListedRow>(
    `select ${conversationColumns("c")}, null::int as total, null::bigint as score,
            ${listedColumns}
     from (
       select one.*
       from unnest($2::uuid[]) q(queue)
       cross join lateral (
         select o.*
         from conversation o
         where o.workspace = $1 and o.queue = q.queue and o.status = 'closed'
         order by o.closed_at desc, o.id desc
         limit $3
       ) one
       order by one.closed_at desc, one.id desc
       limit $3
     ) c
     ${listedJoins}
     order by c.closed_at desc, c.id desc`,
    [workspace, queues, limit],
  );
  return { rows: rows.map(listRowOf), total: rows.length };
}
