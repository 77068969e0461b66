import fc from "fast-check";
import type { AgentWords, ChatWords, PolicyWords } from "./scene.ts";
import { agent, chat, floorOf } from "./scene.ts";

// Floors of every kind, with small ranges so that ties, shortages and turning points are common.

const queue = fc.constantFrom("sales", "support", "billing");
const person = fc.constantFrom("a0", "a1", "a2", "a3", "a4", "gone");
const skill = fc.constantFrom("language:pl", "refunds");
const level = fc.constantFrom(1, 2, 3, 5) as fc.Arbitrary<1 | 2 | 3 | 5>;
const wait = fc.constantFrom(0, 29, 30, 31, 60, 90, 120, 300);

const leaf = fc.record({ skill, level });
const inner = fc.oneof(
  leaf,
  fc.record({ all: fc.array(leaf, { maxLength: 2 }) }),
  fc.record({ any: fc.array(leaf, { maxLength: 2 }) }),
);
const requires = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ all: [] }) },
  { weight: 1, arbitrary: inner },
  { weight: 1, arbitrary: fc.record({ all: fc.array(inner, { maxLength: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ any: fc.array(inner, { maxLength: 2 }) }) },
);

const mostly = <T, U>(usual: T, other: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(usual) }, { weight: 2, arbitrary: other });
const rarely = <T>(value: fc.Arbitrary<T>) => mostly(undefined, value);
const known = <T extends object>(words: T) =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));

const chats: fc.Arbitrary<ChatWords> = fc
  .record({
    queue,
    waited: wait,
    inLeg: rarely(wait),
    priority: fc.constantFrom(0, 19, 20, 21, 50, 80),
    step: fc.constantFrom(0, 6, 60),
    units: fc.constantFrom(25, 100, 100, 200),
    seq: fc.nat(9),
    requires,
    preferred: rarely(fc.tuple(person, fc.constantFrom(-5, 0, 10, 40))),
    passedBy: rarely(fc.uniqueArray(person, { maxLength: 2 })),
    ringing: rarely(fc.dictionary(person, fc.constantFrom(5, 20), { maxKeys: 2 })),
  })
  .map(known);

const agents: fc.Arbitrary<AgentWords> = fc
  .record({
    in: fc.dictionary(
      queue,
      fc.record({
        delay: mostly(0, fc.constantFrom(30, 90)),
        priority: mostly(50, fc.constantFrom(1, 99)),
      }),
      { minKeys: 1 },
    ),
    skills: fc.dictionary(skill, level),
    presence: mostly("online", fc.constantFrom("away", "finishing", "offline")),
    live: mostly(true, fc.constant(false)),
    capacity: mostly(400, fc.constantFrom(0, 100, 200)),
    used: fc.constantFrom(0, 100, 200, 325),
    usedBy: rarely(fc.dictionary(queue, fc.constantFrom(25, 100))),
    assigned: rarely(fc.nat(3)),
    freed: rarely(fc.nat(3)),
    had: mostly(
      [],
      fc.array(fc.constantFrom(0, 59, 60, 61, 3_599, 3_600, 4_000), { maxLength: 4 }),
    ),
  })
  .map(known) as fc.Arbitrary<AgentWords>;

const criterion = fc.constantFrom(
  ...(["membershipPriority", "spareUnits", "longestIdle", "roundRobin"] as const),
  ...(["fewestRecent", "fillFirst", "id"] as const),
);

const policies: fc.Arbitrary<PolicyWords> = fc
  .record({
    version: fc.nat(9),
    method: fc.constantFrom("mostSpare", "longestIdle", "roundRobin", "fillFirst"),
    tieBreak: fc.uniqueArray(criterion, { maxLength: 3 }),
    take: mostly("push", fc.constantFrom("both", "pull")),
    ring: fc.option(fc.record({ seconds: fc.constant(30), agents: fc.constantFrom(1, 2, 3, 50) }), {
      freq: 2,
    }),
    perAgentUnits: fc.option(fc.constantFrom(100, 200), { freq: 2 }),
    cap: fc.option(
      fc.record({ assignments: fc.integer({ min: 1, max: 3 }), windowSeconds: fc.constant(60) }),
      { freq: 2 },
    ),
    steps: fc.array(
      fc
        .record({
          afterSeconds: fc.constantFrom(30, 60, 90),
          lower: rarely(fc.dictionary(skill, level)),
          drop: rarely(fc.uniqueArray(skill, { maxLength: 1 })),
          widen: rarely(fc.uniqueArray(queue, { maxLength: 2 })),
        })
        .map((step) => ({ afterSeconds: step.afterSeconds, ...known(step) })),
      { maxLength: 3 },
    ),
    anyoneAfter: rarely(fc.constantFrom(30, 120)),
  })
  .map(known) as fc.Arbitrary<PolicyWords>;

export const floors = fc
  .record({
    waiting: fc.array(chats, { maxLength: 16, size: "max" }),
    agents: fc.array(agents, { maxLength: 8, size: "max" }),
    policies: fc.dictionary(queue, policies),
  })
  .map((words) =>
    floorOf(
      words.waiting.map((one, n) => chat(`c${n}`, one)),
      words.agents.map((one, n) => agent(`a${n}`, one)),
      words.policies,
    ),
  );
