import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Driver } from "../driver.ts";

/** Which of these sessions still let somebody in: not ended, not expired, their agent not disabled. */
export async function liveSessions(
  driver: Driver,
  workspace: WorkspaceId,
  hashes: readonly string[],
  at: Instant,
): Promise<Set<string>> {
  const rows = await driver.query<{ hash: string }>(
    `select s.hash
     from session s
     join agent a on a.workspace = s.workspace and a.id = s.agent
     where s.workspace = $1 and s.hash = any($2::text[]) and s.expires_at > $3 and not a.disabled`,
    [workspace, hashes, at],
  );
  return new Set(rows.map(({ hash }) => hash));
}
