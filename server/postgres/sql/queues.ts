import type { WorkspaceId } from "#shared/model/ids.ts";
import type { QueueRecord } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/** The settings in force for each queue of workspace $1, as a subselect. */
export const queueNow = `
  select distinct on (v.queue) v.queue, v.version, v.name, v.escalates_to, v.step_ms
  from queue_version v
  where v.workspace = $1
  order by v.queue, v.version desc`;

type Row = Omit<QueueRecord, "stepSeconds" | "escalatesTo"> & {
  escalates_to: QueueRecord["escalatesTo"];
  step_ms: number;
};

/** The workspace's queues with their newest settings, by name. */
export async function queues(driver: Driver, workspace: WorkspaceId): Promise<QueueRecord[]> {
  const rows = await driver.query<Row>(
    `select q.queue as id, q.name, q.version, q.escalates_to, q.step_ms
     from (${queueNow}) q
     order by q.name, q.queue`,
    [workspace],
  );
  return rows.map(({ step_ms, escalates_to, ...rest }) => ({
    ...rest,
    escalatesTo: escalates_to,
    stepSeconds: step_ms / 1_000,
  }));
}
