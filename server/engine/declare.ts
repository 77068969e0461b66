import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { PresenceCommand } from "#shared/protocol/commands.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import type { Clock, Ledger } from "../ports.ts";
import { commandHash } from "./commandHash.ts";

/** An agent says whether it takes chats. The subject is the agent, so no conversation is involved. */
export type Declare = (agent: AgentId, command: PresenceCommand) => Promise<Answer<Accepted>>;

export function createDeclare(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  clock: Clock;
  secret: string;
  /** Everybody's copy of the directory is old now. */
  declared(): Promise<void>;
}): Declare {
  const { workspace, ledger, clock, secret, declared } = parts;
  return async (agent, command) => {
    const record = {
      id: command.id,
      subject: { kind: "agent" as const, id: agent },
      sender: { kind: "agent" as const, id: agent },
      hash: commandHash(secret, command),
    };
    const result = await ledger.declareStatus(
      workspace,
      agent,
      command.status,
      record,
      clock.now(),
    );
    if (result.status === "bodyMismatch") {
      return { ok: false, refusal: refusal("command_conflict") };
    }
    if (result.status === "committed") await declared();
    const repeat = result.status === "repeat";
    return { ok: true, conversation: null, seq: 0, at: result.at, repeat };
  };
}
