import type { AgentId, QueueId } from "./ids.ts";
import type { Instant } from "./time.ts";

/** What an agent says of itself. Kept in SQL; whether the console is really there is liveness, kept in Redis. */
export type DeclaredStatus = "online" | "away";

/** `owner` and `supervisor` see and steer the whole floor; `agent` works its own chats. */
export type Role = "owner" | "supervisor" | "agent";

/** Hundredths of a chat (house decision 7): the default capacity of 400 is four ordinary chats. */
export type Units = number;

export const oneChat: Units = 100;
export const defaultCapacity: Units = 400;

/** An agent as routing sees it. `used` counts every slot held, `idleSince` is the last assignment (0 = never). */
export type RoutableAgent = {
  id: AgentId;
  name: string;
  queues: readonly QueueId[];
  status: DeclaredStatus;
  live: boolean;
  capacity: Units;
  used: Units;
  lastAssignedAt: Instant;
};
