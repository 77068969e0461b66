import type { Criterion, RoutingPolicy } from "#shared/model/routing.ts";
import type { BecauseCandidate, BecauseReason } from "#shared/protocol/events.ts";
import type { Seat } from "./seat.ts";
import type { Standing } from "./verdict.ts";

type Compared = Standing & { seat: Seat };
type Compare = (a: Compared, b: Compared) => number;

/** One way to tell two candidates apart: who comes first, what it is called, and the figure it looks at
 * where that isn't told anyway. */
type Yardstick = {
  compare: Compare;
  reason: BecauseReason;
  figure?: (told: BecauseCandidate, candidate: Compared) => void;
};

const yardsticks: Record<Criterion | "ownQueue", Yardstick> = {
  membershipPriority: {
    compare: (a, b) => a.priority - b.priority,
    reason: "membershipPriority",
    figure(told, { priority }) {
      told.priority = priority;
    },
  },
  spareUnits: { compare: (a, b) => b.seat.spare - a.seat.spare, reason: "mostSpareUnits" },
  longestIdle: {
    compare: (a, b) => a.seat.idleSince - b.seat.idleSince,
    reason: "longestIdle",
    figure(told, { seat }) {
      told.idleSince = seat.idleSince;
    },
  },
  roundRobin: {
    compare: (a, b) => a.seat.lastAssignedAt - b.seat.lastAssignedAt,
    reason: "roundRobin",
  },
  fewestRecent: {
    compare: (a, b) => a.seat.recent - b.seat.recent,
    reason: "fewestRecent",
    figure(told, { seat }) {
      told.recent = seat.recent;
    },
  },
  fillFirst: { compare: (a, b) => a.seat.spare - b.seat.spare, reason: "fillFirst" },
  ownQueue: { compare: (a, b) => Number(b.own) - Number(a.own), reason: "ownQueue" },
  id: {
    compare: (a, b) => (a.seat.agent.id < b.seat.agent.id ? -1 : 1),
    reason: "lowestId",
  },
};

/** How a queue compares those who may take a chat. */
export type Comparison = {
  compare: Compare;
  /** What decided that `a` comes before `b`. */
  reason(a: Compared, b: Compared): BecauseReason;
  /** A candidate with the figures compared. */
  told(candidate: Compared): BecauseCandidate;
};

export function comparisonOf(policy: RoutingPolicy): Comparison {
  const order = criteriaOf(policy).map((criterion) => yardsticks[criterion]);
  const figures = order.flatMap(({ figure }) => figure ?? []);
  return {
    compare(a, b) {
      for (const { compare } of order) {
        const difference = compare(a, b);
        if (difference !== 0) return difference;
      }
      return 0;
    },
    reason: (a, b) => order.find(({ compare }) => compare(a, b) !== 0)?.reason ?? "lowestId",
    told(candidate) {
      const { seat, own } = candidate;
      const { spare, lastAssignedAt } = seat;
      const told: BecauseCandidate = { agent: seat.agent.id, spare, lastAssignedAt };
      if (!own) told.widened = true;
      for (const figure of figures) figure(told, candidate);
      return told;
    },
  };
}
/**
 * A membership's priority is what somebody decided about people, the method is a measure of the moment:
 * so it is compared first, unless the queue's own list says where. With the same priority for all,
 * which is how a queue starts, it decides nothing (SPEC R26).
 */
function criteriaOf({ method, tieBreak }: RoutingPolicy): (Criterion | "ownQueue")[] {
  const first = method === "mostSpare" ? "spareUnits" : method;
  const priority = tieBreak.includes("membershipPriority") ? [] : ["membershipPriority" as const];
  return [...priority, first, ...tieBreak, "ownQueue", "id"];
}
