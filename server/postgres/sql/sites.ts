import type { WorkspaceId } from "#shared/model/ids.ts";
import type { SiteRecord } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/** Where the widget may be embedded, by key. */
export async function sites(driver: Driver, workspace: WorkspaceId): Promise<SiteRecord[]> {
  return await driver.query<SiteRecord>(
    `select id, key, name, origins, accent, queue from site where workspace = $1 order by key`,
    [workspace],
  );
}
