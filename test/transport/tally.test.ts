import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTally } from "#server/transport/tally.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("[B49] The first of a kind is logged at once, the rest counted once an interval", () => {
  const lines: unknown[] = [];
  const logged = (level: string) => (fields: object, message: string) =>
    lines.push({ level, message, ...fields });
  const log = { info: logged("info"), warn: logged("warn") };
  const tally = createTally(log as never, 1_000);
  const refuse = (code: string, times: number) => {
    for (let i = 0; i < times; i++) tally.count("refused", { code }, { connection: `c${i}` });
  };
  refuse("rate", 500);
  refuse("invalid", 1);
  expect(lines.splice(0)).toEqual([
    { level: "info", message: "refused", code: "rate", connection: "c0" },
    { level: "info", message: "refused", code: "invalid", connection: "c0" },
  ]);
  vi.advanceTimersByTime(1_000);
  expect(lines.splice(0)).toEqual([
    { level: "warn", message: "refused, again", code: "rate", count: 499 },
  ]);
  refuse("rate", 300);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(lines.splice(0)).toEqual([
    { level: "warn", message: "refused, again", code: "rate", count: 300 },
  ]);
  vi.advanceTimersByTime(5_000);
  expect(vi.getTimerCount()).toBe(0);
  refuse("invalid", 3);
  tally.stop();
  expect(lines).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});
