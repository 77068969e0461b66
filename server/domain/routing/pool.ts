import type { Units } from "#shared/model/agent.ts";
import type { SkillNeed } from "#shared/model/skill.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Comparison } from "./comparison.ts";
import type { RoutableAgent } from "./floor.ts";
import type { Line } from "./line.ts";
import { createRanking, type Ranked, type Ranking } from "./ranking.ts";
import type { Reach } from "./reach.ts";
import type { Seat } from "./seat.ts";
import { barrier, filters, type Standing, shortage, type Verdict } from "./verdict.ts";

/**
 * Who could take chats of one kind (queue, age, weight and requirement) while a pass lasts: the
 * question is asked of everybody once for all those chats, and again only of who was given one.
 */
export type Pool = {
  /** How many agents stand how, without what is each chat's own (who passed, where it rings, for whom it is kept). */
  readonly counts: Record<Verdict, number>;
  /** Those who may, as this queue compares them. */
  readonly ranking: Ranking<Candidate>;
  readonly reach: Reach;
  /** The candidate's seat has changed. */
  refresh(candidate: Candidate): void;
};

/** An agent whom nothing but room can keep from chats of a pool. */
export type Candidate = Standing &
  Ranked & {
    seat: SeatInPass;
    pool: Pool;
    verdict: "may" | NonNullable<ReturnType<typeof shortage>>;
  };

export type SeatInPass = Seat & { candidates: Candidate[] };

const nobody = Object.fromEntries([...filters, "may"].map((verdict) => [verdict, 0])) as Record<
  Verdict,
  number
>;

export function createPool(
  kind: { line: Line; reach: Reach; requires: SkillNeed; units: Units; comparison: Comparison },
  members: Iterable<RoutableAgent>,
  everybody: number,
  seatFor: (agent: RoutableAgent) => SeatInPass,
  now: Instant,
): Pool {
  const { line, reach, requires, units, comparison } = kind;
  const counts = { ...nobody };
  const ranking = createRanking<Candidate>(comparison.compare);
  const ask = (seat: Seat) => shortage(seat, line, units, now) ?? "may";
  const pool: Pool = {
    counts,
    ranking,
    reach,
    refresh(candidate) {
      counts[candidate.verdict] -= 1;
      if (candidate.verdict === "may") ranking.remove(candidate);
      candidate.verdict = ask(candidate.seat);
      counts[candidate.verdict] += 1;
      if (candidate.verdict === "may") ranking.add(candidate);
    },
  };
  let asked = 0;
  for (const agent of members) {
    asked += 1;
    const standing = barrier(agent, requires, reach);
    if (typeof standing === "string") {
      counts[standing] += 1;
      continue;
    }
    const { priority, own } = standing;
    const seat = seatFor(agent);
    const verdict = ask(seat);
    const candidate: Candidate = { seat, pool, verdict, priority, own, place: -1 };
    counts[verdict] += 1;
    seat.candidates.push(candidate);
    if (verdict === "may") ranking.add(candidate);
  }
  counts.notMember += everybody - asked;
  return pool;
}
