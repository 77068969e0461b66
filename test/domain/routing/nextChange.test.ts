import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Floor } from "#server/domain/routing/floor.ts";
import { nextChangeAt } from "#server/domain/routing/nextChange.ts";
import { route } from "#server/domain/routing/route.ts";
import { whyNotYet } from "#server/domain/routing/whyNot.ts";
import { floors } from "./floors.ts";
import { agent, brief, chat, floorOf, now } from "./scene.ts";

const verdicts = (floor: Floor & { waiting: readonly ReturnType<typeof chat>[] }, at: number) =>
  floor.waiting.map((one) => whyNotYet(one, floor, at).map(({ verdict }) => verdict));

describe("The next change", () => {
  const next = (...of: Parameters<typeof floorOf>) => {
    const at = nextChangeAt(floorOf(...of), now);
    return at === null ? null : (at - now) / 1_000;
  };
  const step = (afterSeconds: number) => ({ steps: [{ afterSeconds, drop: ["refunds"] }] });

  it("[R34] is the earliest of steps, delays, time boxes and cap windows", () => {
    const one = agent("a", { had: [20] });
    const cap = { assignments: 1, windowSeconds: 60 };
    expect(next([chat("1", { waited: 10 })], [one], { sales: step(35) })).toBe(25);
    expect(next([chat("1", { waited: 99, inLeg: 10 })], [one], { sales: step(35) })).toBe(25);
    expect(next([chat("1", { waited: 10 })], [one], { sales: { anyoneAfter: 300 } })).toBe(290);
    const late = agent("b", { in: { sales: { delay: 12 } } });
    expect(next([chat("1", { waited: 10 })], [one, late], { sales: step(35) })).toBe(2);
    expect(next([chat("1", { preferred: ["a", 7] })], [one])).toBe(7);
    expect(next([chat("1")], [one], { sales: { cap } })).toBe(40);
    const waiting = [chat("1", { waited: 10 }), chat("2", { waited: 30 }), chat("3")];
    expect(next(waiting, [one], { sales: { ...step(35), cap } })).toBe(5);
  });

  it("[R34] is never where only people can change anything", () => {
    expect(next([], [agent("a", { in: { sales: { delay: 9 } } })], { sales: step(35) })).toBeNull();
    expect(next([chat("1")], [agent("a", { used: 400 })])).toBeNull();
    expect(next([chat("1", { waited: 35 })], [agent("a")], { sales: step(35) })).toBeNull();
    expect(next([chat("1", { ringing: { a: 5 } })], [agent("a")])).toBeNull();
    expect(next([chat("1", { queue: "support" })], [agent("a")], { sales: step(99) })).toBeNull();
  });

  it("[R34] comes later than now, and before it no verdict changes and nobody new is planned", () => {
    fc.assert(
      fc.property(
        floors,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (floor, share) => {
          const change = nextChangeAt(floor, now);
          if (change !== null) expect(change).toBeGreaterThan(now);
          const until = change ?? now + 10_000_000;
          const at = Math.min(until - 1, Math.floor(now + (until - now) * share));
          expect(verdicts(floor, at)).toEqual(verdicts(floor, now));
          expect(verdicts(floor, until - 1)).toEqual(verdicts(floor, now));
          expect(route(floor, at).length > 0).toBe(route(floor, now).length > 0);
          expect(brief(route(floor, at)).split(/[→?]/)[0]).toBe(
            brief(route(floor, now)).split(/[→?]/)[0],
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
