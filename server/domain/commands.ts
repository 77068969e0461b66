import type { AgentId, CommandId, ConversationId } from "#shared/model/ids.ts";
import type { AgentConversationCommand, VisitorCommand } from "#shared/protocol/commands.ts";
import type { Because } from "#shared/protocol/events.ts";

type System = { id: CommandId; conversation: ConversationId; fence: number };

/** What the router and the clockwork send; nobody else can. */
export type SystemCommand =
  | (System & { kind: "assign"; agent: AgentId; because: Because })
  /** Somebody can answer now: a parked, unattended conversation enters its queue. */
  | (System & { kind: "wake" })
  /** The agent who holds it has been away for longer than its grace: back into its queue. */
  | (System & { kind: "requeue"; agent: AgentId })
  /** The visitor who waits has been away for longer than their grace, and wrote nothing after `seq`. */
  | (System & { kind: "abandon"; seq: number });

export type ConversationCommand = VisitorCommand | AgentConversationCommand | SystemCommand;
