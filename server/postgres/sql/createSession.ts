import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Ledger } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/** Opens a console session, and sweeps away the agent's expired ones. */
export async function createSession(
  driver: Driver,
  workspace: WorkspaceId,
  { hash, agent, at, expiresAt }: Parameters<Ledger["createSession"]>[1],
): Promise<void> {
  await driver.query(
    `with swept as (
       delete from session where workspace = $1 and agent = $3 and expires_at <= $4
     )
     insert into session (workspace, hash, agent, at, expires_at) values ($1, $2, $3, $4, $5)`,
    [workspace, hash, agent, at, expiresAt],
  );
}
