import type { QueueId } from "#shared/model/ids.ts";
import { defaultRoutingPolicy, type RoutingPolicy } from "#shared/model/routing.ts";
import { type Instant, type Millis, seconds } from "#shared/model/time.ts";
import type { Floor, RoutableAgent, RoutableChat } from "./floor.ts";
import { type Reach, reachAfter } from "./reach.ts";

/**
 * A queue as routing sees it: its policy, and the ages at which a chat of it reaches further. Between
 * two such ages all its chats reach equally far, which is what lets them share a pool of agents.
 */
export type Line = {
  queue: QueueId;
  policy: RoutingPolicy;
  /** Relaxation steps and membership delays, ascending; 0 isn't among them. */
  ages: readonly Millis[];
};

export type Members = ReadonlyMap<QueueId, readonly RoutableAgent[]>;

/** Everybody by the queues they are members of. */
export function membersByQueue(agents: readonly RoutableAgent[]): Members {
  const members = new Map<QueueId, RoutableAgent[]>();
  for (const agent of agents) {
    for (const { queue } of agent.memberships) {
      const known = members.get(queue);
      if (known) known.push(agent);
      else members.set(queue, [agent]);
    }
  }
  return members;
}

export function lineOf(queue: QueueId, policies: Floor["policies"], members: Members): Line {
  const policy = policies.get(queue) ?? defaultRoutingPolicy;
  const { steps, anyoneAfterSeconds } = policy.relaxation;
  const ages = new Set(steps.map((step) => seconds(step.afterSeconds)));
  if (anyoneAfterSeconds !== null) ages.add(seconds(anyoneAfterSeconds));
  for (const reachable of [queue, ...steps.flatMap((step) => step.widen ?? [])]) {
    for (const { memberships } of members.get(reachable) ?? []) {
      for (const { queue: of, delaySeconds } of memberships) {
        if (of === reachable && delaySeconds > 0) ages.add(seconds(delaySeconds));
      }
    }
  }
  ages.delete(0);
  return { queue, policy, ages: [...ages].sort((a, b) => a - b) };
}

/** How many of the line's ages a chat has reached. */
export function phaseOf({ ages }: Line, { enteredAt }: RoutableChat, now: Instant): number {
  let phase = 0;
  for (const age of ages) {
    if (enteredAt + age > now) break;
    phase += 1;
  }
  return phase;
}

/** How far a chat reaches that has come to so many of the line's ages, and not to the next one. */
export const reachIn = ({ queue, policy, ages }: Line, phase: number): Reach =>
  reachAfter(queue, policy, ages[phase - 1] ?? 0);
