import type { Units } from "#shared/model/agent.ts";
import type { QueueId } from "#shared/model/ids.ts";
import type { RoutingPolicy } from "#shared/model/routing.ts";
import { hours, type Instant, type Millis, seconds } from "#shared/model/time.ts";
import type { RoutableAgent } from "./floor.ts";

type Cap = NonNullable<RoutingPolicy["cap"]>;

/** An agent while a pass lasts: what they were given in it counts at once. */
export type Seat = {
  readonly agent: RoutableAgent;
  spare: Units;
  lastAssignedAt: Instant;
  /** Since when no chat came or went. */
  idleSince: Instant;
  /** Automatic assignments in the last hour. */
  recent: number;
  /** Chats given or offered in this pass, and their units by queue. */
  given: number;
  givenByQueue: Map<QueueId, Units> | null;
};

export function seatOf(agent: RoutableAgent, now: Instant): Seat {
  return {
    agent,
    spare: agent.capacity - agent.used,
    lastAssignedAt: agent.lastAssignedAt,
    idleSince: Math.max(agent.lastAssignedAt, agent.lastFreedAt),
    recent: countSince(agent.assignedAt, now - hours(1)),
    given: 0,
    givenByQueue: null,
  };
}

/** A chat of this weight is given or offered: it takes its units either way. */
export function seatTakes(seat: Seat, queue: QueueId, units: Units, now: Instant): void {
  seat.spare -= units;
  seat.lastAssignedAt = now;
  seat.idleSince = now;
  seat.recent += 1;
  seat.given += 1;
  seat.givenByQueue ??= new Map();
  seat.givenByQueue.set(queue, (seat.givenByQueue.get(queue) ?? 0) + units);
}

/** What the agent holds of a queue's chats. */
export const usedOf = ({ agent, givenByQueue }: Seat, queue: QueueId): Units =>
  (agent.usedByQueue.get(queue) ?? 0) + (givenByQueue?.get(queue) ?? 0);

/** Automatic assignments within the last `window`. */
export const assignedWithin = ({ agent, given }: Seat, window: Millis, now: Instant): number =>
  countSince(agent.assignedAt, now - window) + given;

function countSince(instants: readonly Instant[], after: Instant): number {
  let count = 0;
  for (const at of instants) if (at > after) count += 1;
  return count;
}

/** When enough of the agent's assignments will be out of the cap's window for another one; null if that is now. */
export function capEndsAt(
  { assignedAt }: RoutableAgent,
  { assignments, windowSeconds }: Cap,
  now: Instant,
): Instant | null {
  const window = seconds(windowSeconds);
  const within = assignedAt.filter((at) => at > now - window).sort((a, b) => a - b);
  const last = within[within.length - assignments];
  return last === undefined ? null : last + window;
}
