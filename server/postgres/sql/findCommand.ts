import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { CommandRecord } from "../../ports.ts";
import type { Driver } from "../driver.ts";

export type FoundCommand = {
  seq: number;
  at: Instant;
  hash: string;
  conversation: ConversationId | null;
  xid: string;
};

/** The first answer to a command, or null when it was never committed. */
export async function findCommand(
  driver: Driver,
  workspace: WorkspaceId,
  { id, subject, sender }: Pick<CommandRecord, "id" | "subject" | "sender">,
): Promise<FoundCommand | null> {
  const [found] = await driver.query<FoundCommand>(
    `select seq, at, hash, conversation, xid::text as xid
     from command
     where workspace = $1 and id = $2
       and subject_kind = $3 and subject = $4 and sender_kind = $5 and sender = $6`,
    [workspace, id, subject.kind, subject.id, sender.kind, sender.id],
  );
  return found ?? null;
}
