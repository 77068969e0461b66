import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { ListPage } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { conversationColumns } from "../rows/conversation.ts";
import { type ListedRow, listedColumns, listedJoins, listRowOf } from "../rows/listRow.ts";

/** The chats each agent holds, oldest assignment first, with how many there are in all. */
export async function mine(
  driver: Driver,
  workspace: WorkspaceId,
  agents: readonly AgentId[],
  limit: number,
): Promise<Map<AgentId, ListPage>> {
  const rows = await driver.query<ListedRow>(
    `select ${conversationColumns("c")}, c.total, null::bigint as score, ${listedColumns}
     from (
       select h.*,
              (count(*) over (partition by h.agent))::int as total,
              row_number() over (partition by h.agent order by h.since, h.id) as place
       from conversation h
       where h.workspace = $1 and h.status = 'assigned' and h.agent = any($2::uuid[])
     ) c
     ${listedJoins}
     where c.place <= $3
     order by c.agent, c.place`,
    [workspace, agents, limit],
  );
  const pages = new Map<AgentId, ListPage>(agents.map((agent) => [agent, { rows: [], total: 0 }]));
  for (const row of rows) {
    const page = row.agent && pages.get(row.agent);
    if (!page) continue;
    page.rows.push(listRowOf(row));
    page.total = row.total;
  }
  return pages;
}
