import type { QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { ListPage } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { conversationColumns } from "../rows/conversation.ts";
import { type ListedRow, listedColumns, listedJoins, listRowOf } from "../rows/listRow.ts";

/** The parked chats of these queues, longest unanswered first, with how many there are in all. */
export async function parked(
  driver: Driver,
  workspace: WorkspaceId,
  queues: readonly QueueId[],
  limit: number,
): Promise<ListPage> {
  const rows = await driver.query<ListedRow>(
    `select ${conversationColumns("c")}, c.total, null::bigint as score, ${listedColumns}
     from (
       select p.*,
              coalesce(p.unanswered_since, p.queued_at) as unanswered_for,
              (count(*) over ())::int as total
       from conversation p
       where p.workspace = $1 and p.status = 'parked' and p.queue = any($2::uuid[])
       order by unanswered_for, p.id
       limit $3
     ) c
     ${listedJoins}
     order by c.unanswered_for, c.id`,
    [workspace, queues, limit],
  );
  return { rows: rows.map(listRowOf), total: rows[0]?.total ?? 0 };
}
