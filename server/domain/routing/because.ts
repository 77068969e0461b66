import type { AgentId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Because, BecauseReason, Filtered, NewerFilter } from "#shared/protocol/events.ts";
import type { RoutableChat } from "./floor.ts";
import type { Lane, Pass } from "./pass.ts";
import type { Candidate, Pool } from "./pool.ts";
import type { Verdict } from "./verdict.ts";

/** Moves when `route` would decide anything differently: old decisions are replayed with their own version. */
export const engineVersion = 2;

/** How many of the best candidates are told with a decision. */
export const told = 5;

const newer: readonly NewerFilter[] = [
  "delayed",
  "finishing",
  "offline",
  "unskilled",
  "passed",
  "ringing",
  "capped",
  "queueFull",
  "held",
];

/** Why a chat goes where it goes, as the floor was before it went there. */
export function becauseOf(
  chat: RoutableChat,
  from: { lane: Lane; pool: Pool; pass: Pass },
  chosen: { best: readonly Candidate[]; reason: BecauseReason; held: AgentId | null },
  now: Instant,
): Because {
  const { lane, pool, pass } = from;
  const { steps, anyone } = pool.reach;
  return {
    reason: chosen.reason,
    waitedMs: Math.max(0, now - chat.queuedAt),
    position: lane.seen,
    filtered: filteredFor(chat, pool, pass, chosen.held !== null),
    ...(steps > 0 || anyone ? { relaxed: { steps, anyone } } : {}),
    candidates: chosen.best.slice(0, told).map(lane.comparison.told),
    versions: { engine: engineVersion, queue: lane.line.policy.version },
  };
}

/** The pool's counts, corrected by what is this chat's own. */
function filteredFor(chat: RoutableChat, pool: Pool, pass: Pass, held: boolean): Filtered {
  const counts = { ...pool.counts };
  const corrected = new Set<AgentId>();
  const correct = (agent: AgentId, to: Verdict) => {
    const candidate = pass.candidateIn(pool, agent);
    if (!candidate || corrected.has(agent)) return;
    corrected.add(agent);
    counts[candidate.verdict] -= 1;
    counts[to] += 1;
  };
  for (const agent of chat.passedBy) correct(agent, "passed");
  for (const { agent } of chat.ringing) correct(agent, "ringing");
  if (held) counts.held += counts.may - 1;
  const { notMember, away, notLive, full } = counts;
  const filtered: Filtered = { notMember, away, notLive, full };
  for (const filter of newer) if (counts[filter] > 0) filtered[filter] = counts[filter];
  return filtered;
}
