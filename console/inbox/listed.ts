import type { AgentSession } from "#shared/client/agentSession.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";

/** The row of a chat in whichever list has it. */
export function listed(session: AgentSession, id: ConversationId | null): ListRow | undefined {
  const { mine, waiting, parked, closed } = session;
  return [mine, waiting, parked, closed]
    .flatMap((list) => list.value.rows)
    .find(({ conversation }) => conversation.id === id);
}
