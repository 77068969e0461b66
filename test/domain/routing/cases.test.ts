import { describe, expect, it } from "vitest";
import { route } from "#server/domain/routing/route.ts";
import { cases } from "./cases.ts";
import { brief, floorOf, now } from "./scene.ts";

describe.each(Object.entries(cases))("%s, by hand:", (_group, group) => {
  it.each(group)("$what", ({ waiting, agents, policies, plans, reason, removed }) => {
    const floor = floorOf(waiting, agents, policies);
    const made = route(floor, now);
    expect(brief(made)).toBe(plans);
    const because = made[0]?.because;
    if (reason) expect(because?.reason).toBe(reason);
    if (removed) {
      const told = Object.entries(because?.filtered ?? {}).filter(([, count]) => count > 0);
      expect(Object.fromEntries(told)).toEqual(removed);
    }
  });
});

it("[R20] there are at least sixty cases, each with its own sentence", () => {
  const sentences = Object.values(cases).flatMap((group) => group.map(({ what }) => what));
  expect(sentences.length).toBeGreaterThanOrEqual(60);
  expect(new Set(sentences).size).toBe(sentences.length);
});
