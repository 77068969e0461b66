import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";

type Credentials = { agent: AgentId; passwordHash: string; disabled: boolean };

/** What a sign-in is checked against. E-mail addresses are compared without regard to case. */
export async function credentials(
  driver: Driver,
  workspace: WorkspaceId,
  email: string,
): Promise<Credentials | null> {
  const [found] = await driver.query<Credentials>(
    `select id as agent, password_hash as "passwordHash", disabled
     from agent where workspace::text || lower(email) = $1 || lower($2)`,
    [workspace, email],
  );
  return found ?? null;
}
