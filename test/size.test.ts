import { beforeAll, expect, it } from "vitest";
import { bundle } from "../bin/bundle.js";
import { measure } from "../bin/measure.js";

beforeAll(() => bundle(console.log), 60_000);

it("[S1] What browsers load first stays within its goals", () => {
  const missed = measure().filter(({ met }) => !met);
  expect(missed).toEqual([]);
});
