import type { Units } from "#shared/model/agent.ts";
import type { AgentId } from "#shared/model/ids.ts";
import type { Membership } from "#shared/model/routing.ts";
import type { SkillNeed } from "#shared/model/skill.ts";
import { type Instant, seconds } from "#shared/model/time.ts";
import type { RoutableAgent, RoutableChat } from "./floor.ts";
import type { Line } from "./line.ts";
import { meets } from "./need.ts";
import type { Reach } from "./reach.ts";
import { assignedWithin, type Seat, usedOf } from "./seat.ts";

/** Why an agent can't be given a chat, in the order they are asked: the first that holds is told. */
export const filters = [
  /** Of none of the queues the chat reaches. */
  "notMember",
  /** A member who takes chats of this queue only after a longer wait. */
  "delayed",
  "away",
  "finishing",
  "offline",
  /** Online by their own word, but the console doesn't answer. */
  "notLive",
  "unskilled",
  /** Declined or missed it in this leg. */
  "passed",
  /** It rings there now. */
  "ringing",
  /** Had as many automatic assignments lately as is fair. */
  "capped",
  /** Holds as much of this queue as one may. */
  "queueFull",
  "full",
  /** Kept a while for the visitor's last agent or account manager. */
  "held",
  /** It rings at as many others as it may. */
  "offered",
  /** Nobody is given chats of this queue: people take them. */
  "pull",
] as const;

export type Filter = (typeof filters)[number];
export type Verdict = Filter | "may";

/** What makes somebody a candidate: the membership by which they are, and whether of the chat's own queue. */
export type Standing = { priority: number; own: boolean };

/** What can be asked without knowing how busy anybody is: the same for all chats of one pool. */
export function barrier(agent: RoutableAgent, need: SkillNeed, reach: Reach): Filter | Standing {
  const standing = standingOf(agent.memberships, reach);
  if (typeof standing === "string") return standing;
  if (agent.presence !== "online") return agent.presence;
  if (!agent.live) return "notLive";
  return meets(need, agent.skills, reach) ? standing : "unskilled";
}

/** The chat's own queue before those it was widened to, then the better priority; a delay that runs doesn't count. */
function standingOf(memberships: readonly Membership[], reach: Reach): Filter | Standing {
  let found: Filter | Standing = "notMember";
  for (const { queue, delaySeconds, priority } of memberships) {
    const own = queue === reach.queue;
    if (!own && !reach.widened.includes(queue)) continue;
    if (seconds(delaySeconds) > reach.waited) {
      if (found === "notMember") found = "delayed";
    } else if (typeof found === "string" || own || (!found.own && priority < found.priority)) {
      found = { priority, own };
    }
  }
  return found;
}

/** What an agent has no more of for a chat of this weight. */
export function shortage(
  seat: Seat,
  { queue, policy }: Pick<Line, "queue" | "policy">,
  units: Units,
  now: Instant,
): "capped" | "queueFull" | "full" | null {
  const { cap, perAgentUnits } = policy;
  if (cap && assignedWithin(seat, seconds(cap.windowSeconds), now) >= cap.assignments) {
    return "capped";
  }
  if (perAgentUnits !== null && usedOf(seat, queue) + units > perAgentUnits) return "queueFull";
  return seat.spare < units ? "full" : null;
}

/** How many more agents a chat may be given or offered to now. */
export const wanted = ({ ringing }: RoutableChat, { policy }: Line): number =>
  policy.take === "pull" ? 0 : (policy.ring?.agents ?? 1) - ringing.length;

/**
 * For whom the chat is kept: its preferred agent within the time box, as long as nothing but room is
 * missing. Whoever isn't there, may not or did not want to keeps nobody waiting.
 */
export const heldFor = (
  { preferred, passedBy }: RoutableChat,
  now: Instant,
  couldTake: (agent: AgentId) => boolean,
): AgentId | null =>
  preferred !== null &&
  now < preferred.until &&
  !passedBy.includes(preferred.agent) &&
  couldTake(preferred.agent)
    ? preferred.agent
    : null;

/** The first reason why this agent can't be given this chat now, or that they may. */
export function verdict(
  chat: RoutableChat,
  seat: Seat,
  of: { line: Line; reach: Reach; held: AgentId | null },
  now: Instant,
): Verdict {
  const { id } = seat.agent;
  const blocked = barrier(seat.agent, chat.requires, of.reach);
  if (typeof blocked === "string") return blocked;
  if (chat.passedBy.includes(id)) return "passed";
  if (chat.ringing.some((offer) => offer.agent === id)) return "ringing";
  const short = shortage(seat, of.line, chat.units, now);
  if (short) return short;
  if (of.held !== null && of.held !== id) return "held";
  if (of.line.policy.take === "pull") return "pull";
  return wanted(chat, of.line) > 0 ? "may" : "offered";
}
