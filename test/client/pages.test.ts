import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { browserPages } from "#shared/client/pages.ts";

/** Pages of one browser, made of real locks that a test can let go of. */
function livesOf() {
  const ends: (() => void)[] = [];
  const channels: BroadcastChannel[] = [];
  const { locks } = navigator;
  vi.stubGlobal("navigator", {
    locks: {
      query: () => locks.query(),
      request: (name: string, run: () => Promise<unknown>) =>
        locks.request(name, () =>
          Promise.race([run(), new Promise<void>((end) => ends.push(end))]),
        ),
    },
  });
  vi.stubGlobal(
    "BroadcastChannel",
    class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        channels.push(this);
      }
    },
  );
  return {
    /** Ends all pages that were opened by `open`. */
    open: async () => {
      const from = ends.length;
      const pages = browserPages();
      await vi.waitFor(() => expect(ends.length).toBe(from + 1));
      return { pages, end: ends[from] as () => void };
    },
    endAll() {
      for (const end of ends) end();
      for (const channel of channels) channel.close();
    },
  };
}
let lives: ReturnType<typeof livesOf> | null = null;
afterEach(() => {
  lives?.endAll();
  vi.unstubAllGlobals();
});

describe("The pages of one browser", () => {
  it("[C7] know each other as long as they live", async () => {
    lives = livesOf();
    const [one, other] = [await lives.open(), await lives.open()];
    expect(await one.pages.others()).toEqual(new Set([other.pages.own]));
    other.end();
    await vi.waitFor(async () => expect(await one.pages.others()).toEqual(new Set()));
  });

  it("[C7] hear when one is gone, also one that came after them", async () => {
    lives = livesOf();
    const before = await lives.open();
    const gone = vi.fn();
    const watching = await lives.open();
    await watching.pages.onGone(gone);
    const after = await lives.open();
    // The channel takes its time.
    await sleep(100);
    expect(gone).not.toHaveBeenCalled();
    after.end();
    await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(1));
    before.end();
    await vi.waitFor(() => expect(gone).toHaveBeenCalledTimes(2));
  });

  it("[C7] take each other for gone where locks or channels are forbidden, and go on", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("BroadcastChannel", undefined);
    const pages = browserPages();
    await pages.onGone(() => undefined);
    expect(await pages.others()).toEqual(new Set());
    expect(await pages.alone(async () => "done")).toBe("done");
  });
});
