import { validate, version } from "uuid";
import { expect, it } from "vitest";
import { uuid } from "#shared/client/uuid.ts";
import { idPattern } from "#shared/model/ids.ts";

it("[C6] numbers commands by UUIDs of version 7, no two alike", () => {
  const now = Date.UTC(2026, 0, 5, 9, 30);
  const ids = Array.from({ length: 10_000 }, () => uuid(now));
  for (const id of ids) {
    expect(id).toMatch(idPattern);
    expect(validate(id)).toBe(true);
    expect(version(id)).toBe(7);
    expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(now);
  }
  expect(new Set(ids).size).toBe(ids.length);
  expect(uuid(now) < uuid(now + 1)).toBe(true);
  // Every digit that is left to chance takes every value.
  for (const at of Array.from({ length: 36 }, (_, at) => at).filter(
    (at) => at > 14 && at !== 18 && at !== 23,
  )) {
    expect(new Set(ids.map((id) => id[at])).size, `digit ${at}`).toBe(at === 19 ? 4 : 16);
  }
});
