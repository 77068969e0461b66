import type { RoutableAgent, Units } from "#shared/model/agent.ts";
import type { AgentId, ConversationId, QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Because } from "#shared/protocol/events.ts";
import { byRank } from "./rank.ts";

/** A waiting chat with what routing needs to know of it. */
export type RoutableChat = {
  conversation: ConversationId;
  seq: number;
  queue: QueueId;
  /** See `rank`: lower is served earlier. */
  score: number;
  queuedAt: Instant;
  units: Units;
  /** Version of the queue's settings its score was made with. */
  queueVersion: number;
};

export type Plan = {
  conversation: ConversationId;
  /** The seq the chat was seen waiting with: reserving is refused when it has moved on. */
  seq: number;
  queue: QueueId;
  agent: AgentId;
  units: Units;
  because: Because;
};

/** Moves when `route` would decide anything differently: old decisions are replayed with their own version. */
export const engineVersion = 1;

/** How many of the best candidates are told with a decision. */
const told = 5;

type Candidate = { id: AgentId; spare: Units; lastAssignedAt: Instant };
type Filtered = Because["filtered"];

/** The agents who could take chats of one queue, while this pass lasts. */
type Pool = {
  candidates: readonly Candidate[];
  /** How many never could, by the first reason that held. */
  removed: Omit<Filtered, "full">;
  /** A chat of this weight found nobody. Spare units only shrink during a pass, so no heavier one will. */
  tooHeavy: Units;
  /** Chats of this queue seen so far. */
  seen: number;
};

/**
 * Who gets which chat (SPEC R1–R9): one pass over everybody waiting, highest rank first. Each chat
 * goes to the eligible agent with most spare units, then the longest idle one, then the lowest id; a
 * chat nobody may take is passed over. Same floor, same plans, on every node and in every replay.
 */
export function route(
  waiting: readonly RoutableChat[],
  agents: readonly RoutableAgent[],
  now: Instant,
): Plan[] {
  const candidates = new Map(agents.map((agent) => [agent.id, candidateOf(agent)]));
  const pools = new Map<QueueId, Pool>();
  const plans: Plan[] = [];

  for (const chat of inOrder(waiting)) {
    const { conversation, seq, queue, units } = chat;
    const pool = pools.get(queue) ?? poolOf(queue, agents, candidates);
    pools.set(queue, pool);
    pool.seen += 1;
    if (units >= pool.tooHeavy) continue;

    const { best, eligible } = bestOf(pool.candidates, units);
    const winner = best[0];
    if (!winner) {
      pool.tooHeavy = units;
      continue;
    }
    const because: Because = {
      reason: reasonFor(winner, best[1]),
      waitedMs: Math.max(0, now - chat.queuedAt),
      position: pool.seen,
      filtered: { ...pool.removed, full: pool.candidates.length - eligible },
      candidates: best.map(({ id, spare, lastAssignedAt }) => ({
        agent: id,
        spare,
        lastAssignedAt,
      })),
      versions: { engine: engineVersion, queue: chat.queueVersion },
    };
    plans.push({ conversation, seq, queue, agent: winner.id, units, because });
    winner.spare -= units;
    winner.lastAssignedAt = now;
  }
  return plans;
}

const candidateOf = ({ id, capacity, used, lastAssignedAt }: RoutableAgent): Candidate => ({
  id,
  spare: capacity - used,
  lastAssignedAt,
});

function inOrder(waiting: readonly RoutableChat[]): RoutableChat[] {
  return waiting
    .map((chat) => ({ id: chat.conversation, score: chat.score, queuedAt: chat.queuedAt, chat }))
    .sort(byRank)
    .map(({ chat }) => chat);
}

/** Asks of every agent, in this order: member of the queue, online by its own word, really there. */
function poolOf(
  queue: QueueId,
  agents: readonly RoutableAgent[],
  candidates: ReadonlyMap<AgentId, Candidate>,
): Pool {
  const removed = { notMember: 0, away: 0, notLive: 0 };
  const able = agents.flatMap((agent) => {
    const reason = whyUnable(agent, queue);
    if (reason) removed[reason] += 1;
    const candidate = candidates.get(agent.id);
    return reason || !candidate ? [] : [candidate];
  });
  return { candidates: able, removed, tooHeavy: Number.POSITIVE_INFINITY, seen: 0 };
}

function whyUnable(agent: RoutableAgent, queue: QueueId): keyof Pool["removed"] | null {
  if (!agent.queues.includes(queue)) return "notMember";
  if (agent.status !== "online") return "away";
  return agent.live ? null : "notLive";
}

/** Most spare units first, then longest idle, then lowest id. */
const byFitness = (a: Candidate, b: Candidate): number =>
  b.spare - a.spare ||
  a.lastAssignedAt - b.lastAssignedAt ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** The best few of those with room for `units`, in order, and how many have room at all. */
function bestOf(candidates: readonly Candidate[], units: Units) {
  const best: Candidate[] = [];
  let eligible = 0;
  for (const candidate of candidates) {
    if (candidate.spare < units) continue;
    eligible += 1;
    const last = best[told - 1];
    if (last && byFitness(candidate, last) > 0) continue;
    const at = best.findIndex((better) => byFitness(candidate, better) < 0);
    best.splice(at < 0 ? best.length : at, 0, candidate);
    if (best.length > told) best.pop();
  }
  return { best, eligible };
}

/** Which comparison decided between the best and the second best. */
function reasonFor(winner: Candidate, second: Candidate | undefined): Because["reason"] {
  if (!second) return "onlyCandidate";
  if (winner.spare !== second.spare) return "mostSpareUnits";
  return winner.lastAssignedAt === second.lastAssignedAt ? "lowestId" : "longestIdle";
}
