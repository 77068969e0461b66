import type { QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Floor, RoutableChat } from "./floor.ts";
import { type Line, lineOf, membersByQueue, phaseOf } from "./line.ts";
import { capEndsAt } from "./seat.ts";

/**
 * Before this instant time alone changes no verdict (SPEC R34), so nobody needs to look again until
 * something happens; null when it never will. It counts relaxation steps, membership delays, time boxes
 * and cap windows. The end of an offer is an event of its own.
 */
export function nextChangeAt(floor: Floor, now: Instant): Instant | null {
  const { agents, policies, waiting } = floor;
  const members = membersByQueue(agents);
  const lines = new Map<QueueId, Line>();
  let next = Number.POSITIVE_INFINITY;
  for (const chat of waiting) {
    let line = lines.get(chat.queue);
    if (!line) {
      line = lineOf(chat.queue, policies, members);
      lines.set(chat.queue, line);
      next = Math.min(next, capChangeAt(line, floor, now));
    }
    next = Math.min(next, chatChangeAt(chat, line, now));
  }
  return next === Number.POSITIVE_INFINITY ? null : next;
}

function chatChangeAt(chat: RoutableChat, line: Line, now: Instant): number {
  const age = line.ages[phaseOf(line, chat, now)];
  const reached = age === undefined ? Number.POSITIVE_INFINITY : chat.enteredAt + age;
  const boxEnd = chat.preferred?.until ?? 0;
  return boxEnd > now ? Math.min(reached, boxEnd) : reached;
}

function capChangeAt({ policy: { cap } }: Line, { agents }: Floor, now: Instant): number {
  let next = Number.POSITIVE_INFINITY;
  if (!cap) return next;
  for (const agent of agents) next = Math.min(next, capEndsAt(agent, cap, now) ?? next);
  return next;
}
