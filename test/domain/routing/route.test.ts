import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rank } from "#server/domain/rank.ts";
import { engineVersion } from "#server/domain/routing/because.ts";
import type { RoutableAgent, RoutableChat } from "#server/domain/routing/floor.ts";
import { before, inOrder } from "#server/domain/routing/inOrder.ts";
import { type Plan, route } from "#server/domain/routing/route.ts";
import { floors } from "./floors.ts";
import { plainly } from "./plainly.ts";
import { agent, ago, brief, chat, floorOf, now } from "./scene.ts";

const often = { numRuns: 400 };

const agentsOf = (plan: Plan) => (plan.kind === "assign" ? [plan.agent] : plan.agents);
const routed = (
  waiting: readonly RoutableChat[],
  agents: readonly RoutableAgent[],
  policies?: Parameters<typeof floorOf>[2],
) => route(floorOf(waiting, agents, policies), now);

describe("route", () => {
  it("[R2] says why: reason, wait, place, who was filtered and how, the five best, versions", () => {
    const agents = [
      agent("other", { in: { support: {} }, presence: "away", live: false, used: 400 }),
      agent("away", { presence: "away", live: false, used: 400 }),
      agent("silent", { live: false, used: 400 }),
      agent("full", { used: 400 }),
      ...["f", "e", "d", "c", "b", "a"].map((id, i) => agent(id, { used: i === 5 ? 0 : 100 })),
    ];
    const waiting = [chat("1", { seq: 7, waited: 180 })];
    expect(routed(waiting, agents, { sales: { version: 12 } })).toEqual([
      {
        kind: "assign",
        conversation: "1",
        seq: 7,
        queue: "sales",
        agent: "a",
        units: 100,
        because: {
          reason: "mostSpareUnits",
          waitedMs: 180_000,
          position: 1,
          filtered: { notMember: 1, away: 1, notLive: 1, full: 1 },
          candidates: ["a", "b", "c", "d", "e"].map((id) => ({
            agent: id,
            spare: id === "a" ? 400 : 300,
            lastAssignedAt: 0,
            priority: 50,
            idleSince: 0,
          })),
          versions: { engine: engineVersion, queue: 12 },
        },
      },
    ]);
  });

  it("[R2] says how far a chat was relaxed, who came from a wider queue, and only the figures compared", () => {
    const [plan] = routed(
      [chat("1", { waited: 60, requires: { skill: "refunds", level: 3 } })],
      [agent("a", { in: { support: { priority: 7 } }, had: [10, 4_000], assigned: 10 })],
      {
        sales: {
          method: "fillFirst",
          tieBreak: ["fewestRecent"],
          steps: [
            { afterSeconds: 30, drop: ["refunds"] },
            { afterSeconds: 60, widen: ["support"] },
          ] as never,
        },
      },
    );
    expect(plan?.because).toMatchObject({ relaxed: { steps: 2, anyone: false } });
    expect(plan?.because.candidates).toEqual([
      { agent: "a", spare: 400, lastAssignedAt: ago(10), widened: true, priority: 7, recent: 1 },
    ]);
  });

  it("[R3] names the comparison that decided", () => {
    const reasonOf = (...agents: RoutableAgent[]) => routed([chat("1")], agents)[0]?.because.reason;
    expect(reasonOf(agent("a"), agent("b", { used: 400 }))).toBe("onlyCandidate");
    expect(reasonOf(agent("a"), agent("b", { used: 100 }))).toBe("mostSpareUnits");
    expect(reasonOf(agent("a"), agent("b", { assigned: 1 }))).toBe("longestIdle");
    expect(reasonOf(agent("a"), agent("b"))).toBe("lowestId");
  });

  it("[R4] counts places per queue, chats passed over included", () => {
    const waiting = [
      chat("1", { waited: 9, units: 500 }),
      chat("2", { waited: 8, queue: "support" }),
      chat("3", { waited: 7 }),
    ];
    const plans = routed(waiting, [agent("a", { in: { sales: {}, support: {} } })]);
    expect(plans.map((plan) => [plan.conversation, plan.because.position])).toEqual([
      ["2", 1],
      ["3", 2],
    ]);
  });

  it("[R5] [R29] plans no chat twice and nobody beyond their own room, the queue's limit or its cap", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const plans = route(floor, now);
        expect(new Set(plans.map((plan) => plan.conversation)).size).toBe(plans.length);
        for (const one of floor.agents) {
          const mine = plans.filter((plan) => agentsOf(plan).includes(one.id));
          const total = (some: readonly Plan[]) => some.reduce((sum, { units }) => sum + units, 0);
          if (mine.length > 0) expect(one.used + total(mine)).toBeLessThanOrEqual(one.capacity);
          for (const [queue, { perAgentUnits, cap }] of floor.policies) {
            const ofQueue = mine.filter((plan) => plan.queue === queue);
            if (ofQueue.length === 0) continue;
            const held = (one.usedByQueue.get(queue) ?? 0) + total(ofQueue);
            expect(held).toBeLessThanOrEqual(perAgentUnits ?? held);
            const lately = one.assignedAt.filter((at) => cap && at > ago(cap.windowSeconds));
            expect(lately.length + ofQueue.length).toBeLessThanOrEqual(
              cap?.assignments ?? Number.POSITIVE_INFINITY,
            );
          }
        }
      }),
      often,
    );
  });

  it("[R6] serves no lower rank while a higher one could have been", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const served = new Set(route(floor, now).map((plan) => plan.conversation));
        const isServed = (one: RoutableChat) => served.has(one.conversation);
        // Left alone on the floor as the chats before it leave it, whoever wasn't served still isn't.
        for (const [at, unserved] of floor.waiting.entries()) {
          if (isServed(unserved)) continue;
          const waiting = [...floor.waiting.slice(0, at).filter(isServed), unserved];
          const plans = route({ ...floor, waiting }, now);
          expect(plans.map((plan) => plan.conversation)).not.toContain(unserved.conversation);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("[R7] gives the same plans for the same floor, in whatever order it is listed, and leaves it as it was", () => {
    const shuffled = floors.chain((floor) =>
      fc.record({
        floor: fc.constant(floor),
        waiting: fc.shuffledSubarray([...floor.waiting], { minLength: floor.waiting.length }),
        agents: fc.shuffledSubarray([...floor.agents], { minLength: floor.agents.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ floor, waiting, agents }) => {
        const untouched = structuredClone(floor);
        const plans = route(floor, now);
        expect(route({ ...floor, waiting: inOrder(waiting), agents }, now)).toEqual(plans);
        expect(floor).toEqual(untouched);
      }),
      often,
    );
  });

  it("[R7] refuses chats that aren't in order rather than serve the wrong one", () => {
    const waiting = [chat("1", { waited: 5 }), chat("2", { waited: 9 })];
    const floor = { ...floorOf([], [agent("a")]), waiting };
    expect(() => route(floor, now)).toThrow("order");
  });

  it("[R8] equals the plain reading of the rules", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        expect(route(floor, now)).toEqual(plainly(floor, now));
      }),
      { numRuns: 1_000 },
    );
  });

  it("[R9] looks at nobody twice for nothing: of 10,000 waiting most are passed over without asking 500 agents", () => {
    const queues = Array.from({ length: 20 }, (_, i) => `q${i}`);
    const waiting = Array.from({ length: 10_000 }, (_, i) =>
      chat(`c${i}`, { queue: `q${i % 20}`, waited: 10_000 - i }),
    );
    const agents = Array.from({ length: 500 }, (_, i) => {
      const own = queues.filter((_queue, q) => (i + q) % 5 === 0);
      return agent(`a${i}`, { in: Object.fromEntries(own.map((queue) => [queue, {}])) });
    });
    let reads = 0;
    const counted = agents.map(
      (one) =>
        new Proxy(one, {
          get(target, key, receiver) {
            reads += 1;
            return Reflect.get(target, key, receiver);
          },
        }),
    );
    const plans = route(floorOf(waiting, counted), now);
    expect(plans).toHaveLength(2_000);
    // A tenth of one look at each agent for each chat.
    expect(reads).toBeLessThan((500 * 10_000) / 10);
  });

  it("[R21] counts every agent once: each was filtered by the first filter that held, or may take the chat", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        for (const { because } of route(floor, now)) {
          const filtered = Object.values(because.filtered).reduce((sum, count) => sum + count, 0);
          const left = floor.agents.length - filtered;
          expect(Math.min(left, 5)).toBe(because.candidates.length);
        }
      }),
      often,
    );
  });

  it("[R27] counts what a chat takes at once, so that two passes give what one gives", () => {
    // Without rings, caps and recent counts, what was taken can be written into the floor by hand.
    fc.assert(
      fc.property(floors, fc.nat(20), (drawn, cut) => {
        const policies = new Map(
          [...drawn.policies].map(([queue, one]) => [
            queue,
            { ...one, ring: null, cap: null, tieBreak: [] },
          ]),
        );
        const floor = { ...drawn, policies };
        const first = route({ ...floor, waiting: floor.waiting.slice(0, cut) }, now);
        const agents = floor.agents.map((one) => {
          const mine = first.filter((plan) => agentsOf(plan).includes(one.id));
          const usedByQueue = new Map(one.usedByQueue);
          for (const { queue, units } of mine) {
            usedByQueue.set(queue, (usedByQueue.get(queue) ?? 0) + units);
          }
          const used = mine.reduce((sum, { units }) => sum + units, one.used);
          const lastAssignedAt = mine.length > 0 ? now : one.lastAssignedAt;
          return { ...one, used, usedByQueue, lastAssignedAt };
        });
        const second = route({ ...floor, agents, waiting: floor.waiting.slice(cut) }, now);
        expect(`${brief(first)} ${brief(second)}`.trim()).toBe(brief(route(floor, now)));
      }),
      often,
    );
  });

  it("[R28] rings at no more than the queue asks, at nobody twice and at nobody who passed", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        for (const plan of route(floor, now)) {
          const one = floor.waiting.find(({ conversation }) => conversation === plan.conversation);
          const rings = one?.ringing.map((offer) => offer.agent) ?? [];
          const all = [...rings, ...agentsOf(plan)];
          expect(new Set(all).size).toBe(all.length);
          expect(all.length).toBeLessThanOrEqual(floor.policies.get(plan.queue)?.ring?.agents ?? 1);
          for (const id of agentsOf(plan)) expect(one?.passedBy).not.toContain(id);
          expect(plan.kind).toBe(floor.policies.get(plan.queue)?.ring ? "offer" : "assign");
        }
      }),
      often,
    );
  });

  it("[R30] never hands out chats of a queue that people take from", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        for (const plan of route(floor, now)) {
          expect(floor.policies.get(plan.queue)?.take).not.toBe("pull");
        }
      }),
      often,
    );
  });

  it("[R31] lets a chat be overtaken only by a higher priority that came less than its points' worth later", () => {
    const arrivals = fc.record({
      step: fc.constantFrom(0, 0.5, 6, 60),
      older: fc.record({ at: fc.nat(6_000), priority: fc.nat(100) }),
      later: fc.nat(6_100),
      priority: fc.nat(100),
    });
    fc.assert(
      fc.property(arrivals, ({ step, older, later, priority }) => {
        const scored = (id: string, at: number, points: number) => ({
          conversation: id as RoutableChat["conversation"],
          queuedAt: at * 1_000,
          score: rank(points, at * 1_000, step),
        });
        const one = scored("b", older.at, older.priority);
        const other = scored("a", older.at + later, priority);
        const sameInstant = later === 0 && priority === older.priority;
        const overtakes = before(other, one) < 0;
        const mayOvertake = later < step * (priority - older.priority);
        expect(overtakes).toBe(mayOvertake || sameInstant || (later === 0 && step === 0));
        if (overtakes && later > 0) expect(later).toBeLessThan(step * 100);
      }),
      { numRuns: 5_000 },
    );
  });

  it("[R32] looks at no lifetime counters: what lies more than an hour back changes nothing", () => {
    fc.assert(
      fc.property(floors, fc.array(fc.integer({ min: 3_600, max: 90_000 })), (floor, older) => {
        const agents = floor.agents.map((one, n) => ({
          ...one,
          assignedAt: n === 0 ? [...older.map(ago), ...one.assignedAt] : one.assignedAt,
        }));
        expect(route({ ...floor, agents }, now)).toEqual(route(floor, now));
      }),
      often,
    );
  });

  it("[R35] reads no further than somebody has room", () => {
    let read = 0;
    function* waiting() {
      for (let n = 0; n < 1_000; n++) {
        read += 1;
        yield chat(`c${String(n).padStart(3, "0")}`);
      }
    }
    const floor = (used: number) => ({
      ...floorOf([], [agent("a", { used })]),
      waiting: waiting(),
    });
    expect(route(floor(400), now)).toHaveLength(0);
    expect(read).toBe(0);
    expect(route(floor(200), now)).toHaveLength(2);
    expect(read).toBe(3);
  });
});
