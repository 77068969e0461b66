import type { DeclaredStatus } from "#shared/model/agent.ts";
import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { CommandRecord, Ledger } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { findCommand } from "./findCommand.ts";

/**
 * An agent says whether it takes chats. Command, status and record are one statement; a command
 * known already changes nothing and gets its first answer.
 */
export async function declareStatus(
  driver: Driver,
  workspace: WorkspaceId,
  agent: AgentId,
  status: DeclaredStatus,
  command: CommandRecord,
  at: Instant,
): ReturnType<Ledger["declareStatus"]> {
  const { id, subject, sender, hash } = command;
  const fresh = await driver.query(
    `with fresh as (
       insert into command
         (workspace, id, subject_kind, subject, sender_kind, sender, hash, conversation, seq, at)
       values ($1, $2, $3, $4, $5, $6, $7, null, 0, $8)
       on conflict do nothing
       returning workspace, id, sender_kind, sender, at
     ), declared as (
       update agent set status = $10
       where workspace = $1 and id = $9 and exists (select from fresh)
     ), noted as (
       insert into record (workspace, at, kind, subject_kind, subject, by_kind, by_id, command, body)
       select workspace, at, 'status', 'agent', $9, sender_kind, sender, id,
              jsonb_build_object('status', $10::text)
       from fresh
     )
     select 1 from fresh`,
    [workspace, id, subject.kind, subject.id, sender.kind, sender.id, hash, at, agent, status],
  );
  if (fresh.length > 0) return { status: "committed", at };
  const known = await findCommand(driver, workspace, command);
  if (!known) throw new Error(`command ${id} is neither new nor known`);
  return known.hash === hash ? { status: "repeat", at: known.at } : { status: "bodyMismatch" };
}
