import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";

/** Whether the workspace has never been set up. */
export async function isEmpty(driver: Driver, workspace: WorkspaceId): Promise<boolean> {
  const found = await driver.query("select 1 from workspace where id = $1", [workspace]);
  return found.length === 0;
}
