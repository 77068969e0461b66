import { byRank } from "#server/domain/rank.ts";
import { engineVersion } from "#server/domain/routing/because.ts";
import type { Floor, RoutableAgent, RoutableChat } from "#server/domain/routing/floor.ts";
import type { Plan } from "#server/domain/routing/route.ts";
import { defaultRoutingPolicy, type RoutingPolicy } from "#shared/model/routing.ts";
import type { SkillNeed } from "#shared/model/skill.ts";
import type { BecauseReason } from "#shared/protocol/events.ts";

// The rules of SPEC.md word by word, as slow as they like and sharing nothing with the program but
// its types: everybody is asked everything anew for each chat.

/** What the passes before have given an agent. */
type Worker = RoutableAgent & { given: number };

type Asked = { agent: Worker; filter: string | null; priority: number; own: boolean };

export function plainly(floor: Floor, now: number): Plan[] {
  const workers = floor.agents.map(
    (agent): Worker => ({ ...agent, usedByQueue: new Map(agent.usedByQueue), given: 0 }),
  );
  const waiting = [...floor.waiting].sort((a, b) =>
    byRank({ ...a, id: a.conversation }, { ...b, id: b.conversation }),
  );
  const plans: Plan[] = [];
  for (const chat of waiting) {
    const policy = floor.policies.get(chat.queue) ?? defaultRoutingPolicy;
    const asked = ask(chat, policy, workers, now);
    const may = asked
      .filter(({ filter }) => filter === null)
      .sort((a, b) => decidedBy(a, b, policy, now).difference);
    const atOnce = policy.ring?.agents ?? 1;
    const chosen = may.slice(0, Math.max(0, atOnce - chat.ringing.length));
    const last = chosen.at(-1);
    const next = may[chosen.length];
    if (!last) continue;
    let reason: BecauseReason =
      chosen.length + chat.ringing.length > 1 ? "everyCandidate" : "onlyCandidate";
    if (boxHolds(chat, asked, now)) reason = "preferred";
    else if (next) reason = decidedBy(last, next, policy, now).reason;

    const waited = now - chat.enteredAt;
    const steps = policy.relaxation.steps.filter((step) => step.afterSeconds * 1_000 <= waited);
    const anyone = isAnyone(chat, policy, now);
    const count = (name: string) => asked.filter(({ filter }) => filter === name).length;
    const unlessNone = [
      ...["delayed", "finishing", "offline", "unskilled", "passed", "ringing"],
      ...["capped", "queueFull", "held"],
    ].filter((name) => count(name) > 0);
    const because: Plan["because"] = {
      reason,
      waitedMs: Math.max(0, now - chat.queuedAt),
      position: waiting.filter(({ queue }) => queue === chat.queue).indexOf(chat) + 1,
      filtered: {
        ...{ notMember: count("notMember"), away: count("away") },
        ...{ notLive: count("notLive"), full: count("full") },
        ...Object.fromEntries(unlessNone.map((name) => [name, count(name)])),
      },
      ...(steps.length > 0 || anyone ? { relaxed: { steps: steps.length, anyone } } : {}),
      candidates: may.slice(0, 5).map((one) => told(one, policy, now)),
      versions: { engine: engineVersion, queue: policy.version },
    };
    const { conversation, seq, queue, units } = chat;
    const plan = { conversation, seq, queue, units, because };
    plans.push(
      policy.ring
        ? {
            kind: "offer",
            ...plan,
            agents: chosen.map(({ agent }) => agent.id),
            seconds: policy.ring.seconds,
          }
        : { kind: "assign", ...plan, agent: last.agent.id },
    );
    for (const { agent } of chosen) {
      agent.used += units;
      const used = new Map(agent.usedByQueue);
      agent.usedByQueue = used.set(queue, (used.get(queue) ?? 0) + units);
      agent.assignedAt = [...agent.assignedAt, now];
      agent.lastAssignedAt = now;
    }
  }
  return plans;
}

function ask(chat: RoutableChat, policy: RoutingPolicy, workers: Worker[], now: number): Asked[] {
  const asked = workers.map((agent): Asked => {
    const by = memberships(chat, policy, agent, now);
    const best = by.filter(({ due }) => due).sort((a, b) => rankOf(a) - rankOf(b))[0];
    const { priority = 0, own = false } = best ?? {};
    return { agent, priority, own, filter: filterOf(chat, policy, agent, by.length, best, now) };
  });
  if (boxHolds(chat, asked, now)) {
    for (const one of asked) {
      if (one.filter === null && one.agent.id !== chat.preferred?.agent) one.filter = "held";
    }
  }
  if (policy.take === "pull") for (const one of asked) one.filter ??= "pull";
  return asked;
}

const rankOf = ({ own, priority }: { own: boolean; priority: number }) =>
  (own ? 0 : 1_000) + priority;

function memberships(chat: RoutableChat, policy: RoutingPolicy, agent: Worker, now: number) {
  const waited = Math.max(0, now - chat.enteredAt);
  const wide = policy.relaxation.steps
    .filter((step) => step.afterSeconds * 1_000 <= waited)
    .flatMap((step) => step.widen ?? []);
  return agent.memberships
    .filter(({ queue }) => queue === chat.queue || wide.includes(queue))
    .map(({ queue, priority, delaySeconds }) => ({
      own: queue === chat.queue,
      priority,
      due: delaySeconds * 1_000 <= waited,
    }));
}

function filterOf(
  chat: RoutableChat,
  policy: RoutingPolicy,
  agent: Worker,
  member: number,
  due: object | undefined,
  now: number,
): string | null {
  if (member === 0) return "notMember";
  if (!due) return "delayed";
  if (agent.presence !== "online") return agent.presence;
  if (!agent.live) return "notLive";
  if (!isAnyone(chat, policy, now) && !can(chat.requires, chat, policy, agent, now)) {
    return "unskilled";
  }
  if (chat.passedBy.includes(agent.id)) return "passed";
  if (chat.ringing.some((offer) => offer.agent === agent.id)) return "ringing";
  const { cap } = policy;
  if (cap) {
    const lately = agent.assignedAt.filter((at) => at + cap.windowSeconds * 1_000 > now);
    if (lately.length >= cap.assignments) return "capped";
  }
  const ofQueue = (agent.usedByQueue.get(chat.queue) ?? 0) + chat.units;
  if (policy.perAgentUnits !== null && ofQueue > policy.perAgentUnits) return "queueFull";
  return agent.used + chat.units > agent.capacity ? "full" : null;
}

const isAnyone = (chat: RoutableChat, { relaxation }: RoutingPolicy, now: number) =>
  relaxation.anyoneAfterSeconds !== null &&
  Math.max(0, now - chat.enteredAt) >= relaxation.anyoneAfterSeconds * 1_000;

function can(
  need: SkillNeed,
  chat: RoutableChat,
  policy: RoutingPolicy,
  agent: Worker,
  now: number,
): boolean {
  const within = (part: SkillNeed) => can(part, chat, policy, agent, now);
  if ("all" in need) return need.all.filter((part) => !within(part)).length === 0;
  if ("any" in need) return need.any.length === 0 || need.any.filter(within).length > 0;
  let { level }: { level: number } = need;
  for (const step of policy.relaxation.steps) {
    if (now - chat.enteredAt < step.afterSeconds * 1_000) continue;
    if (step.drop?.includes(need.skill)) return true;
    const lower = step.lower?.[need.skill];
    if (lower !== undefined && lower < level) level = lower;
  }
  const own = agent.skills[need.skill];
  return own !== undefined && own >= level;
}

/** The preferred agent is lacking nothing but room. */
const boxHolds = (chat: RoutableChat, asked: readonly Asked[], now: number) =>
  chat.preferred !== null &&
  now < chat.preferred.until &&
  asked.some(
    ({ agent, filter }) =>
      agent.id === chat.preferred?.agent &&
      (filter === null || ["ringing", "capped", "queueFull", "full", "pull"].includes(filter)),
  );

const idleSince = (agent: Worker) => Math.max(agent.lastAssignedAt, agent.lastFreedAt);
const recent = (agent: Worker, now: number) =>
  agent.assignedAt.filter((at) => at > now - 3_600_000).length;

function namesOf({ method, tieBreak }: RoutingPolicy): string[] {
  const names: string[] = [method === "mostSpare" ? "spareUnits" : method, ...tieBreak];
  if (!names.includes("membershipPriority")) names.unshift("membershipPriority");
  return [...names, "ownQueue", "id"];
}

function decidedBy(a: Asked, b: Asked, policy: RoutingPolicy, now: number) {
  const spare = ({ agent }: Asked) => agent.capacity - agent.used;
  for (const name of namesOf(policy)) {
    const [difference, reason] = ((): [number, BecauseReason] => {
      switch (name) {
        case "membershipPriority":
          return [a.priority - b.priority, "membershipPriority"];
        case "spareUnits":
          return [spare(b) - spare(a), "mostSpareUnits"];
        case "fillFirst":
          return [spare(a) - spare(b), "fillFirst"];
        case "longestIdle":
          return [idleSince(a.agent) - idleSince(b.agent), "longestIdle"];
        case "roundRobin":
          return [a.agent.lastAssignedAt - b.agent.lastAssignedAt, "roundRobin"];
        case "fewestRecent":
          return [recent(a.agent, now) - recent(b.agent, now), "fewestRecent"];
        case "ownQueue":
          return [(a.own ? 0 : 1) - (b.own ? 0 : 1), "ownQueue"];
        default:
          return [a.agent.id < b.agent.id ? -1 : 1, "lowestId"];
      }
    })();
    if (difference !== 0) return { difference, reason };
  }
  throw new Error("two agents with one id");
}

function told({ agent, own, priority }: Asked, policy: RoutingPolicy, now: number) {
  const names = namesOf(policy);
  return {
    agent: agent.id,
    spare: agent.capacity - agent.used,
    lastAssignedAt: agent.lastAssignedAt,
    ...(own ? {} : { widened: true as const }),
    ...(names.includes("membershipPriority") ? { priority } : {}),
    ...(names.includes("longestIdle") ? { idleSince: idleSince(agent) } : {}),
    ...(names.includes("fewestRecent") ? { recent: recent(agent, now) } : {}),
  };
}
