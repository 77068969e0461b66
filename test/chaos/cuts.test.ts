import { expect, it } from "vitest";
import { cuts } from "./campaigns/cuts.ts";

// `npm run chaos -- cuts` cuts every journey after each of its frames.
it("[RC16] ends as it would have, wherever a connection was cut, by a frame of each kind", {
  timeout: 300_000,
}, async () => {
  const options = { journeys: ["leftMessage"], frames: "kinds", atOnce: 2, seed: 1 } as const;
  const { figures, violations } = await cuts(options);
  console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
  expect(figures.cuts).toBeGreaterThan(12);
});
