import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";

/** Ends a console session; ending one twice is no error. */
export async function endSession(
  driver: Driver,
  workspace: WorkspaceId,
  hash: string,
): Promise<void> {
  await driver.query("delete from session where workspace = $1 and hash = $2", [workspace, hash]);
}
