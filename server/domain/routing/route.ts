import type { Units } from "#shared/model/agent.ts";
import type { AgentId, ConversationId, QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Because, BecauseReason } from "#shared/protocol/events.ts";
import { becauseOf, told } from "./because.ts";
import { type Floor, hasRoom, type RoutableChat } from "./floor.ts";
import { before } from "./inOrder.ts";
import { type Lane, openPass, type Pass } from "./pass.ts";
import type { Candidate, Pool } from "./pool.ts";
import { heldFor, wanted } from "./verdict.ts";

/** Who is to get or to be asked for a chat. */
export type Plan = Assignment | Offering;

type Planned = {
  conversation: ConversationId;
  /** The seq the chat was seen waiting with: reserving is refused when it has moved on. */
  seq: number;
  queue: QueueId;
  units: Units;
  because: Because;
};

export type Assignment = Planned & { kind: "assign"; agent: AgentId };

/** Rings at all of them; its units are held at each until one accepts. */
export type Offering = Planned & { kind: "offer"; agents: readonly AgentId[]; seconds: number };

/**
 * Who gets which chat (SPEC R1–R8, R20–R32): one pass over everybody waiting, highest rank first. Each
 * chat goes to the best of those who may take it, as its queue compares them; a chat nobody may take is
 * passed over, and what one chat takes the next one finds taken. Same floor, same plans, on every node
 * and in every replay.
 */
export function route(floor: Floor, now: Instant): Plan[] {
  const plans: Plan[] = [];
  if (!floor.agents.some(hasRoom)) return plans;
  let pass: Pass | undefined;
  let previous: RoutableChat | undefined;
  for (const chat of floor.waiting) {
    pass ??= openPass(floor, now);
    if (pass.exhausted()) break;
    if (previous && previous.score >= chat.score && before(previous, chat) > 0) {
      throw new Error("waiting chats aren't in order");
    }
    previous = chat;
    const lane = pass.laneOf(chat.queue);
    lane.seen += 1;
    const plan = planFor(chat, lane, pass, now);
    if (plan) plans.push(plan);
  }
  return plans;
}

function planFor(chat: RoutableChat, lane: Lane, pass: Pass, now: Instant): Plan | null {
  const asked = wanted(chat, lane.line);
  if (asked <= 0) return null;
  const pool = pass.poolOf(lane, chat);
  if (pool.ranking.size === 0) return null;

  const held = heldFor(chat, now, (agent) => pass.candidateIn(pool, agent) !== undefined);
  const best = bestFor(chat, asked, held, pool, pass);
  const chosen = best.slice(0, asked);
  const last = chosen.at(-1);
  if (!last) return null;
  const reason = held === null ? reasonFor(chat, chosen, best, lane) : "preferred";
  const because = becauseOf(chat, { lane, pool, pass }, { best, reason, held }, now);
  for (const candidate of chosen) pass.take(candidate, chat.queue, chat.units);

  const { conversation, seq, queue, units } = chat;
  const planned: Planned = { conversation, seq, queue, units, because };
  const { ring } = lane.line.policy;
  const agents = chosen.map(({ seat }) => seat.agent.id);
  return ring
    ? { kind: "offer", ...planned, agents, seconds: ring.seconds }
    : { kind: "assign", ...planned, agent: last.seat.agent.id };
}

/** Those to choose from, best first: as many as are told, one more than are asked, or the one it is kept for. */
function bestFor(
  { passedBy, ringing }: RoutableChat,
  asked: number,
  held: AgentId | null,
  pool: Pool,
  pass: Pass,
): Candidate[] {
  const skipped = ({ seat }: Candidate) =>
    passedBy.includes(seat.agent.id) || ringing.some(({ agent }) => agent === seat.agent.id);
  if (held === null) return pool.ranking.best(Math.max(told, asked + 1), skipped);
  const candidate = pass.candidateIn(pool, held);
  return candidate?.verdict === "may" && !skipped(candidate) ? [candidate] : [];
}

/** Which comparison decided between the last who was chosen and the first who wasn't. */
function reasonFor(
  { ringing }: RoutableChat,
  chosen: readonly Candidate[],
  best: readonly Candidate[],
  { comparison }: Lane,
): BecauseReason {
  const [last, next] = [chosen.at(-1), best[chosen.length]];
  if (last && next) return comparison.reason(last, next);
  return chosen.length + ringing.length > 1 ? "everyCandidate" : "onlyCandidate";
}
