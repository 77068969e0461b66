import type { Presence, Units } from "#shared/model/agent.ts";
import type { Offer } from "#shared/model/conversation.ts";
import type { AgentId, ConversationId, QueueId } from "#shared/model/ids.ts";
import type { Membership, RoutingPolicy } from "#shared/model/routing.ts";
import type { SkillNeed, Skills } from "#shared/model/skill.ts";
import type { Instant } from "#shared/model/time.ts";

/** A waiting chat with what routing needs to know of it. */
export type RoutableChat = {
  conversation: ConversationId;
  seq: number;
  queue: QueueId;
  /** See `rank`: lower is served earlier. */
  score: number;
  /** When the waiting that counts for the order began: kept over transfers. */
  queuedAt: Instant;
  /** When this leg entered the queue: relaxation and membership delays run from here. */
  enteredAt: Instant;
  units: Units;
  requires: SkillNeed;
  /** The visitor's last agent or account manager, who comes first until then. */
  preferred: { agent: AgentId; until: Instant } | null;
  /** Who declined it or missed it in this leg. */
  passedBy: readonly AgentId[];
  /** Where it rings now. */
  ringing: readonly Offer[];
};

/** An agent as routing sees it. */
export type RoutableAgent = {
  id: AgentId;
  memberships: readonly Membership[];
  skills: Skills;
  presence: Presence;
  /** The console has just proved that it is there. */
  live: boolean;
  capacity: Units;
  /** Every slot held, those of ringing offers included. */
  used: Units;
  /** The part of `used` that each queue's chats take. */
  usedByQueue: ReadonlyMap<QueueId, Units>;
  /** When a chat was last given or offered to it automatically; 0 = never. */
  lastAssignedAt: Instant;
  /** When it was last rid of a chat; 0 = never. */
  lastFreedAt: Instant;
  /** Instants of automatic assignments, and of offers that still ring, within the last hour. */
  assignedAt: readonly Instant[];
};

/** All that a decision about who gets which chat depends on, besides the time. */
export type Floor = {
  /** By `byRank`, highest first. Only as many are read as somebody has room for. */
  waiting: Iterable<RoutableChat>;
  agents: readonly RoutableAgent[];
  /** Of each queue; one that isn't here has `defaultRoutingPolicy`. */
  policies: ReadonlyMap<QueueId, RoutingPolicy>;
};

/** Could be given something, as far as the agent alone is concerned. */
export const hasRoom = ({ presence, live, capacity, used }: RoutableAgent): boolean =>
  presence === "online" && live && used < capacity;
