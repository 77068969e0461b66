import type { AgentId, ConversationId, QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Floor, RoutableAgent, RoutableChat } from "./floor.ts";
import { type Line, lineOf, type Members, membersByQueue, phaseOf, reachIn } from "./line.ts";
import { capEndsAt, type Seat, seatOf } from "./seat.ts";
import { barrier, heldFor, type Verdict, verdict } from "./verdict.ts";

/** How somebody stands to a chat, and when time alone may change that; null while it takes people. */
export type WhyNot = { verdict: Verdict; until: Instant | null };

/** Why a chat is still waiting: how each agent stands to it (SPEC R33). */
export function whyNotYet(
  chat: RoutableChat,
  floor: Floor,
  now: Instant,
): (WhyNot & { agent: AgentId })[] {
  const standings = standingsOn(floor, now);
  const of = standings.ofChat(chat);
  return floor.agents.map((agent) => ({ agent: agent.id, ...of(seatOf(agent, now)) }));
}

/** Why an agent gets none of the chats that wait: how they stand to each (SPEC R33). */
export function whyNotMe(
  agent: RoutableAgent,
  floor: Floor,
  now: Instant,
): (WhyNot & { conversation: ConversationId })[] {
  const standings = standingsOn(floor, now);
  const seat = seatOf(agent, now);
  const answers: (WhyNot & { conversation: ConversationId })[] = [];
  for (const chat of floor.waiting) {
    answers.push({ conversation: chat.conversation, ...standings.ofChat(chat)(seat) });
  }
  return answers;
}

function standingsOn({ agents, policies }: Floor, now: Instant) {
  const members: Members = membersByQueue(agents);
  const people = new Map(agents.map((agent) => [agent.id, agent]));
  const lines = new Map<QueueId, Line>();

  function lineFor(queue: QueueId): Line {
    const line = lines.get(queue) ?? lineOf(queue, policies, members);
    lines.set(queue, line);
    return line;
  }

  return {
    ofChat(chat: RoutableChat): (seat: Seat) => WhyNot {
      const line = lineFor(chat.queue);
      const phase = phaseOf(line, chat, now);
      const reach = reachIn(line, phase);
      const held = heldFor(chat, now, (id) => {
        const agent = people.get(id);
        return agent !== undefined && typeof barrier(agent, chat.requires, reach) !== "string";
      });
      return (seat) => {
        const answer = verdict(chat, seat, { line, reach, held }, now);
        return { verdict: answer, until: untilFor(answer, chat, seat, line, phase, now) };
      };
    },
  };
}

function untilFor(
  answer: Verdict,
  chat: RoutableChat,
  { agent }: Seat,
  line: Line,
  phase: number,
  now: Instant,
): Instant | null {
  switch (answer) {
    case "notMember":
    case "delayed":
    case "unskilled":
      return nextAnswerAt(answer, chat, agent, line, phase);
    case "ringing":
      return chat.ringing.find((offer) => offer.agent === agent.id)?.until ?? null;
    case "offered":
      return Math.min(...chat.ringing.map(({ until }) => until));
    case "held":
      return chat.preferred?.until ?? null;
    case "capped":
      return line.policy.cap && capEndsAt(agent, line.policy.cap, now);
    default:
      return null;
  }
}

/** When the chat will have waited long enough for the agent to stand otherwise. */
function nextAnswerAt(
  answer: Verdict,
  { requires, enteredAt }: RoutableChat,
  agent: RoutableAgent,
  line: Line,
  phase: number,
): Instant | null {
  for (let later = phase + 1; later <= line.ages.length; later++) {
    const reach = reachIn(line, later);
    if (barrier(agent, requires, reach) !== answer) return enteredAt + reach.waited;
  }
  return null;
}
