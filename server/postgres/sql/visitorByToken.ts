import type { SiteId, WorkspaceId } from "#shared/model/ids.ts";
import type { VisitorRecord } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/** Whom a token belongs to on a site, or null for a token nobody has used yet. */
export async function visitorByToken(
  driver: Driver,
  workspace: WorkspaceId,
  site: SiteId,
  tokenHash: string,
): Promise<VisitorRecord | null> {
  const [found] = await driver.query<VisitorRecord>(
    "select id, site from visitor where workspace = $1 and site = $2 and token_hash = $3",
    [workspace, site, tokenHash],
  );
  return found ?? null;
}
