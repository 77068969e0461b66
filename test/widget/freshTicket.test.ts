import { signal } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import { minutes, seconds } from "#shared/model/time.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import { reloadForTicket } from "#widget/frame/freshTicket.ts";

describe("a frame whose ticket ran out", () => {
  const reloads = (age: number, why: Refusal) => {
    const refused = signal<Refusal | null>(null);
    const reload = vi.fn();
    reloadForTicket(refused, { age: () => age, reload });
    expect(reload).not.toHaveBeenCalled();
    refused.value = why;
    return reload.mock.calls.length;
  };
  const ticket = refusal("unauthenticated", { path: "ticket" });

  it("[W67] is loaded once more for a new ticket", () => {
    expect(reloads(minutes(10), ticket)).toBe(1);
  });

  it("[W67] stays refused when its ticket was new, or when something else is wrong", () => {
    expect(reloads(seconds(5), ticket)).toBe(0);
    expect(reloads(minutes(10), refusal("unauthenticated"))).toBe(0);
    expect(reloads(minutes(10), refusal("protocol"))).toBe(0);
  });
});
