import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RoutableAgent } from "#server/domain/routing/floor.ts";
import { route } from "#server/domain/routing/route.ts";
import { whyNotMe, whyNotYet } from "#server/domain/routing/whyNot.ts";
import { floors } from "./floors.ts";
import { agent, chat, floorOf, now, type PolicyWords } from "./scene.ts";

const inSeconds = (n: number) => now + n * 1_000;

describe("Why not", () => {
  const why = (words: Parameters<typeof chat>[1], one: RoutableAgent, sales: PolicyWords = {}) => {
    const waiting = chat("1", words);
    const others = [agent("pref"), agent("far", { in: { support: {} } })];
    const [told] = whyNotYet(waiting, floorOf([waiting], [one, ...others], { sales }), now);
    return [told?.verdict, told?.until];
  };
  const refunds = { skill: "refunds", level: 4 } as const;

  it.each([
    ["may", {}, agent("a"), {}, null],
    ["notMember", {}, agent("a", { in: {} }), {}, null],
    [
      "notMember",
      { waited: 10 },
      agent("a", { in: { support: { delay: 20 } } }),
      { steps: [{ afterSeconds: 70, widen: ["support"] }] },
      inSeconds(60),
    ],
    ["delayed", { waited: 10 }, agent("a", { in: { sales: { delay: 90 } } }), {}, inSeconds(80)],
    ["away", {}, agent("a", { presence: "away" }), {}, null],
    ["finishing", {}, agent("a", { presence: "finishing" }), {}, null],
    ["offline", {}, agent("a", { presence: "offline" }), {}, null],
    ["notLive", {}, agent("a", { live: false }), {}, null],
    ["unskilled", { requires: refunds }, agent("a"), {}, null],
    [
      "unskilled",
      { requires: refunds, waited: 10 },
      agent("a", { skills: { refunds: 1 } }),
      {
        steps: [
          { afterSeconds: 20, lower: { refunds: 2 } },
          { afterSeconds: 30, lower: { refunds: 1 } },
        ],
        anyoneAfter: 40,
      },
      inSeconds(20),
    ],
    [
      "unskilled",
      { requires: refunds, waited: 100, inLeg: 10 },
      agent("a"),
      { anyoneAfter: 40 },
      inSeconds(30),
    ],
    ["passed", { passedBy: ["a"] }, agent("a"), {}, null],
    ["ringing", { ringing: { a: 12 } }, agent("a"), {}, inSeconds(12)],
    [
      "capped",
      {},
      agent("a", { had: [50, 40, 10] }),
      { cap: { assignments: 2, windowSeconds: 60 } },
      inSeconds(20),
    ],
    ["queueFull", {}, agent("a", { usedBy: { sales: 100 } }), { perAgentUnits: 100 }, null],
    ["full", {}, agent("a", { used: 301 }), {}, null],
    ["held", { preferred: ["pref", 9] }, agent("a"), {}, inSeconds(9)],
    ["offered", { ringing: { pref: 12, far: 7 } }, agent("a"), {}, inSeconds(7)],
    ["pull", {}, agent("a"), { take: "pull" }, null],
  ] as const)("[R33] %s", (verdict, words, one, policy, until) => {
    expect(why(words, one, policy as unknown as PolicyWords)).toEqual([verdict, until]);
  });

  it("[R33] asks an agent about every chat that waits, in order", () => {
    const one = agent("a", { in: { sales: {}, support: { delay: 90 } } });
    const waiting = [
      chat("1", { units: 500 }),
      chat("2", { queue: "support", waited: 70 }),
      chat("3", { queue: "billing", waited: 80 }),
      chat("4", { waited: 50 }),
    ];
    expect(whyNotMe(one, floorOf(waiting, [one]), now)).toEqual([
      { conversation: "3", verdict: "notMember", until: null },
      { conversation: "2", verdict: "delayed", until: inSeconds(20) },
      { conversation: "1", verdict: "full", until: null },
      { conversation: "4", verdict: "may", until: null },
    ]);
  });

  it("[R33] tells agent and chat the same", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const ofChats = floor.waiting.flatMap((one) =>
          whyNotYet(one, floor, now).map((told) => ({ ...told, conversation: one.conversation })),
        );
        const ofAgents = floor.agents.flatMap((one) =>
          whyNotMe(one, floor, now).map((told) => ({ ...told, agent: one.id })),
        );
        expect(new Set(ofAgents.map(spelled))).toEqual(new Set(ofChats.map(spelled)));
      }),
      { numRuns: 100 },
    );
  });

  it("[R33] gives a time that is still to come, and then the answer is another one unless it waits for an offer", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        for (const one of floor.waiting) {
          for (const { agent: id, verdict, until } of whyNotYet(one, floor, now)) {
            if (until === null) continue;
            expect(until).toBeGreaterThan(now);
            if (verdict === "ringing" || verdict === "offered") continue;
            const then = whyNotYet(one, floor, until).find((told) => told.agent === id);
            expect(then?.verdict).not.toBe(verdict);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  it("[R33] somebody may take some chat exactly when the router plans something, and the first such chat comes first", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const plans = route(floor, now);
        const first = floor.waiting.find((one) =>
          whyNotYet(one, floor, now).some(({ verdict }) => verdict === "may"),
        );
        expect(plans[0]?.conversation).toBe(first?.conversation);
      }),
      { numRuns: 400 },
    );
  });

  it("[R33] says of the first chat planned how many each filter removed as the plan does", () => {
    fc.assert(
      fc.property(floors, (floor) => {
        const [plan] = route(floor, now);
        const planned = floor.waiting.find((one) => one.conversation === plan?.conversation);
        if (!plan || !planned) return;
        const counted: Record<string, number> = { notMember: 0, away: 0, notLive: 0, full: 0 };
        for (const { verdict } of whyNotYet(planned, floor, now)) {
          if (verdict !== "may") counted[verdict] = (counted[verdict] ?? 0) + 1;
        }
        expect(plan.because.filtered).toEqual(counted);
      }),
      { numRuns: 400 },
    );
  });
});

const spelled = (told: { conversation: string; agent: string; verdict: string; until: unknown }) =>
  `${told.conversation} ${told.agent} ${told.verdict} ${told.until}`;
