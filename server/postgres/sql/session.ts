import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Driver } from "../driver.ts";

/** Whose session this is, if it hasn't expired and its agent may still sign in. */
export async function session(
  driver: Driver,
  workspace: WorkspaceId,
  hash: string,
  at: Instant,
): Promise<{ agent: AgentId } | null> {
  const [found] = await driver.query<{ agent: AgentId }>(
    `select s.agent
     from session s
     join agent a on a.workspace = s.workspace and a.id = s.agent
     where s.workspace = $1 and s.hash = $2 and s.expires_at > $3 and not a.disabled`,
    [workspace, hash, at],
  );
  return found ?? null;
}
