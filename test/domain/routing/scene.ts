import { rank } from "#server/domain/rank.ts";
import type { Floor, RoutableAgent, RoutableChat } from "#server/domain/routing/floor.ts";
import { inOrder } from "#server/domain/routing/inOrder.ts";
import type { Plan } from "#server/domain/routing/route.ts";
import { defaultCapacity, oneChat, type Presence, type Units } from "#shared/model/agent.ts";
import type { AgentId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { priority as points } from "#shared/model/priority.ts";
import { defaultRoutingPolicy, type RoutingPolicy } from "#shared/model/routing.ts";
import { needsNothing, type SkillLevel, type SkillNeed } from "#shared/model/skill.ts";
import { seconds } from "#shared/model/time.ts";

// The floor in few words, for tests: times are seconds before now (or from now on, where they end).

export const now = 1_800_000_000_000;
export const ago = (secondsAgo: number) => now - seconds(secondsAgo);

export type ChatWords = {
  queue?: string;
  /** Since the wait that counts began. */
  waited?: number;
  /** Since this leg began; as long as `waited` unless said otherwise. */
  inLeg?: number;
  priority?: number;
  /** What a point of priority is worth. */
  step?: number;
  units?: Units;
  requires?: SkillNeed;
  /** The agent who comes first, and for how much longer. */
  preferred?: readonly [agent: string, endsIn: number];
  passedBy?: readonly string[];
  /** Where it rings, and for how much longer. */
  ringing?: Readonly<Record<string, number>>;
  seq?: number;
};

/** A normal chat that has waited for sales for a minute, unless said otherwise. */
export function chat(id: string, words: ChatWords = {}): RoutableChat {
  const { waited = 60, inLeg = waited, priority = points.normal, step = 60 } = words;
  const { preferred, ringing = {} } = words;
  const queuedAt = ago(waited);
  return {
    conversation: id as ConversationId,
    seq: words.seq ?? 1,
    queue: (words.queue ?? "sales") as QueueId,
    score: rank(priority, queuedAt, step),
    queuedAt,
    enteredAt: ago(inLeg),
    units: words.units ?? oneChat,
    requires: words.requires ?? needsNothing,
    preferred: preferred
      ? { agent: preferred[0] as AgentId, until: now + seconds(preferred[1]) }
      : null,
    passedBy: (words.passedBy ?? []) as AgentId[],
    ringing: Object.entries(ringing).map(([agent, endsIn]) => ({
      agent: agent as AgentId,
      until: now + seconds(endsIn),
    })),
  };
}

export type AgentWords = {
  /** The queues they are members of, with delay and priority where those aren't the usual. */
  in?: Readonly<Record<string, { delay?: number; priority?: number }>>;
  skills?: Readonly<Record<string, SkillLevel>>;
  presence?: Presence;
  live?: boolean;
  capacity?: Units;
  used?: Units;
  usedBy?: Readonly<Record<string, Units>>;
  /** When a chat last came to them; never, unless said. */
  assigned?: number;
  /** When a chat last left them; never, unless said. */
  freed?: number;
  /** When they had automatic assignments. */
  had?: readonly number[];
};

/** An agent of sales who is there, with room for four chats and none yet, unless said otherwise. */
export function agent(id: string, words: AgentWords = {}): RoutableAgent {
  const memberships = Object.entries(words.in ?? { sales: {} });
  return {
    id: id as AgentId,
    memberships: memberships.map(([queue, { delay = 0, priority = 50 }]) => ({
      queue: queue as QueueId,
      delaySeconds: delay,
      priority,
    })),
    skills: words.skills ?? {},
    presence: words.presence ?? "online",
    live: words.live ?? true,
    capacity: words.capacity ?? defaultCapacity,
    used: words.used ?? 0,
    usedByQueue: new Map(Object.entries(words.usedBy ?? {}) as [QueueId, Units][]),
    lastAssignedAt: words.assigned === undefined ? 0 : ago(words.assigned),
    lastFreedAt: words.freed === undefined ? 0 : ago(words.freed),
    assignedAt: (words.had ?? []).map(ago),
  };
}

export type PolicyWords = Partial<Omit<RoutingPolicy, "relaxation">> & {
  steps?: RoutingPolicy["relaxation"]["steps"];
  anyoneAfter?: number;
};

export function policy(words: PolicyWords = {}): RoutingPolicy {
  const { steps = [], anyoneAfter = null, ...rest } = words;
  return {
    ...defaultRoutingPolicy,
    version: 1,
    ...rest,
    relaxation: { steps, anyoneAfterSeconds: anyoneAfter },
  };
}

/** The floor with these policies; queues without one have the usual. Chats may come in any order. */
export const floorOf = (
  waiting: readonly RoutableChat[],
  agents: readonly RoutableAgent[],
  policies: Readonly<Record<string, PolicyWords>> = {},
): Floor & { waiting: readonly RoutableChat[] } => ({
  waiting: inOrder(waiting),
  agents,
  policies: new Map(
    Object.entries(policies).map(([queue, words]) => [queue as QueueId, policy(words)]),
  ),
});

/** `1→a` for an assignment, `1?a,b` for an offer. */
export const brief = (plans: readonly Plan[]): string =>
  plans
    .map((plan) =>
      plan.kind === "assign"
        ? `${plan.conversation}→${plan.agent}`
        : `${plan.conversation}?${plan.agents.join(",")}`,
    )
    .join(" ");
