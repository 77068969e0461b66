import type { Units } from "#shared/model/agent.ts";
import type { AgentId, QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import { type Comparison, comparisonOf } from "./comparison.ts";
import { type Floor, hasRoom, type RoutableAgent, type RoutableChat } from "./floor.ts";
import { type Line, lineOf, type Members, membersByQueue, phaseOf, reachIn } from "./line.ts";
import { needKey } from "./need.ts";
import { type Candidate, createPool, type Pool, type SeatInPass } from "./pool.ts";
import type { Reach } from "./reach.ts";
import { seatOf, seatTakes } from "./seat.ts";

/** What one look at the floor has found out so far; nothing of it outlives the look. */
export type Pass = {
  laneOf(queue: QueueId): Lane;
  poolOf(lane: Lane, chat: RoutableChat): Pool;
  /** The agent as a candidate of a pool, unless they could not take its chats with any amount of room. */
  candidateIn(pool: Pool, agent: AgentId): Candidate | undefined;
  take(candidate: Candidate, queue: QueueId, units: Units): void;
  /** Nobody who is there can take anything more: the rest of the waiting needn't be looked at. */
  exhausted(): boolean;
};

/** A line with what a pass keeps of it. */
export type Lane = {
  line: Line;
  comparison: Comparison;
  /** Chats of this queue seen so far. */
  seen: number;
  /** By phase, weight and requirement. */
  pools: Map<Units, Map<string, Pool>>[];
};

export function openPass({ agents, policies }: Floor, now: Instant): Pass {
  const members = membersByQueue(agents);
  const lanes = new Map<QueueId, Lane>();
  const seats = new Map<AgentId, SeatInPass>();
  let open = 0;
  for (const agent of agents) if (hasRoom(agent)) open += 1;

  /** Most passes are over before they have come to everybody. */
  function seatFor(agent: RoutableAgent): SeatInPass {
    const known = seats.get(agent.id);
    if (known) return known;
    const seat: SeatInPass = { ...seatOf(agent, now), candidates: [] };
    seats.set(agent.id, seat);
    return seat;
  }

  function laneOf(queue: QueueId): Lane {
    const known = lanes.get(queue);
    if (known) return known;
    const line = lineOf(queue, policies, members);
    const lane: Lane = { line, comparison: comparisonOf(line.policy), seen: 0, pools: [] };
    lanes.set(queue, lane);
    return lane;
  }

  function poolOf(lane: Lane, chat: RoutableChat): Pool {
    const { line, comparison } = lane;
    const { requires, units } = chat;
    const phase = line.ages.length === 0 ? 0 : phaseOf(line, chat, now);
    const byUnits = lane.pools[phase] ?? new Map<Units, Map<string, Pool>>();
    lane.pools[phase] = byUnits;
    const byNeed = byUnits.get(units) ?? new Map<string, Pool>();
    byUnits.set(units, byNeed);
    const key = needKey(requires);
    const known = byNeed.get(key);
    if (known) return known;
    const reach = reachIn(line, phase);
    const kind = { line, reach, requires, units, comparison };
    const pool = createPool(kind, membersWithin(reach, members), agents.length, seatFor, now);
    byNeed.set(key, pool);
    return pool;
  }

  return {
    laneOf,
    poolOf,
    candidateIn: (pool, agent) =>
      seats.get(agent)?.candidates.find((candidate) => candidate.pool === pool),
    take({ seat }, queue, units) {
      seatTakes(seat, queue, units, now);
      for (const candidate of seat.candidates) candidate.pool.refresh(candidate);
      if (seat.spare <= 0) open -= 1;
    },
    exhausted: () => open === 0,
  };
}

/** Everybody who is a member of a queue within reach, once. */
function membersWithin({ queue, widened }: Reach, members: Members): Iterable<RoutableAgent> {
  const own = members.get(queue) ?? [];
  if (widened.length === 0) return own;
  return new Set([...own, ...widened.flatMap((other) => members.get(other) ?? [])]);
}
