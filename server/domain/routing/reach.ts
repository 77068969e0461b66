import type { QueueId } from "#shared/model/ids.ts";
import type { RoutingPolicy } from "#shared/model/routing.ts";
import type { SkillLevel } from "#shared/model/skill.ts";
import { type Millis, seconds } from "#shared/model/time.ts";

/** How far a chat of a queue reaches after some wait: which queues' members, and how much it still asks for. */
export type Reach = {
  queue: QueueId;
  waited: Millis;
  /** Relaxation steps reached. */
  steps: number;
  /** Skills don't matter any more. */
  anyone: boolean;
  /** Queues besides its own whose members may take it. */
  widened: readonly QueueId[];
  /** The level each of these skills is asked for at most. */
  lowered: ReadonlyMap<string, SkillLevel>;
  dropped: ReadonlySet<string>;
};

/** Steps add up, whatever order they are written in: the lowest level and every queue named so far. */
export function reachAfter(queue: QueueId, policy: RoutingPolicy, waited: Millis): Reach {
  const { steps, anyoneAfterSeconds } = policy.relaxation;
  const reached = steps.filter((step) => seconds(step.afterSeconds) <= waited);
  const lowered = new Map<string, SkillLevel>();
  for (const step of reached) {
    for (const [skill, level] of Object.entries(step.lower ?? {})) {
      const before = lowered.get(skill);
      if (before === undefined || level < before) lowered.set(skill, level);
    }
  }
  return {
    queue,
    waited,
    steps: reached.length,
    anyone: anyoneAfterSeconds !== null && seconds(anyoneAfterSeconds) <= waited,
    widened: [...new Set(reached.flatMap((step) => step.widen ?? []))],
    lowered,
    dropped: new Set(reached.flatMap((step) => step.drop ?? [])),
  };
}
