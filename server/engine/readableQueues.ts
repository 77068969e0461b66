import type { Role } from "#shared/model/agent.ts";
import type { QueueId } from "#shared/model/ids.ts";

/** The queues whose parked and closed chats somebody finds in lists: their own, or all of the floor. */
export const readableQueues = (
  { role, queues }: { role: Role; queues: readonly QueueId[] },
  all: Iterable<QueueId>,
): readonly QueueId[] => (role === "agent" ? queues : [...all]);
