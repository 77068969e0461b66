import type { WorkspaceId } from "#shared/model/ids.ts";
import type { AgentRecord } from "../../ports.ts";
import type { Driver } from "../driver.ts";

type Row = Omit<AgentRecord, "lastAssignedAt"> & { last_assigned_at: number };

/** Everybody in the workspace, disabled ones too, with what they hold now. By id. */
export async function agents(driver: Driver, workspace: WorkspaceId): Promise<AgentRecord[]> {
  const rows = await driver.query<Row>(
    `select a.id, a.email, a.name, a.role, a.disabled, a.status, a.capacity, a.last_assigned_at,
            (select coalesce(jsonb_agg(m.queue order by m.queue), '[]')
             from membership m where m.workspace = a.workspace and m.agent = a.id) as queues,
            (select coalesce(sum(s.units), 0)::int
             from slot s where s.workspace = a.workspace and s.agent = a.id) as used
     from agent a
     where a.workspace = $1
     order by a.id`,
    [workspace],
  );
  return rows.map(({ last_assigned_at, ...rest }) => ({
    ...rest,
    lastAssignedAt: last_assigned_at,
  }));
}
