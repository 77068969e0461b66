import { describe, expect, it, vi } from "vitest";
import type { OutboxEntry, OutboxStore } from "#shared/client/outboxStore.ts";
import type { Pages } from "#shared/client/pages.ts";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import type { Host } from "#widget/frame/host.ts";
import { pageOutbox } from "#widget/frame/pageOutbox.ts";

const idOf = (letter: string) =>
  `00000000-0000-7000-8000-00000000000${letter}` as CommandId & ConversationId;
const entry = (letter: string, text = "hello", state: OutboxEntry["state"] = { is: "queued" }) =>
  ({
    id: idOf(letter),
    conversation: idOf("1"),
    at: 1,
    command: { kind: "say", text },
    state,
  }) satisfies OutboxEntry;
const acked = { is: "acked", seq: 3, epoch: "e", at: 2 } as const;

/** A browser's store that keeps or doesn't. */
function browserThat(keeps: boolean): OutboxStore & { all: Map<string, OutboxEntry> } {
  const all = new Map<string, OutboxEntry>();
  return {
    all,
    take: async () => [...all.values()],
    save: async (_, one) => {
      if (keeps) all.set(one.id, one);
      return keeps;
    },
    remove: async (_, id) => void all.delete(id),
  };
}

/** The page around: it keeps as much as it takes. */
function pageWith(outbox = "", most = 1_000) {
  const page = {
    outbox,
    keep: vi.fn(async (_name: string, text: string) => {
      if (text.length > most) return false;
      page.outbox = text;
      return true;
    }),
  };
  return page;
}
/** The only page of its browser, but for those that are named. */
const pagesBeside = (...others: string[]): Pages => ({
  own: "me",
  others: async () => new Set(others),
  onGone: async () => undefined,
  alone: (run) => run(),
});
const storeIn = (
  page: ReturnType<typeof pageWith>,
  browser = browserThat(false),
  pages = pagesBeside(),
) => pageOutbox(browser, pages, page as unknown as Host);

describe("what isn't sent, where the frame may store nothing", () => {
  it("[W68] is kept by the page until it is sent, for the next page of the same visitor", async () => {
    const page = pageWith();
    const store = storeIn(page);
    expect(await store.save("me", entry("a"))).toBe(true);
    expect(await store.save("me", entry("b", "again"))).toBe(true);
    expect(await storeIn(page).take("me")).toEqual([entry("a"), entry("b", "again")]);
    expect(await storeIn(page).take("somebody else")).toEqual([]);
    await store.save("me", entry("a", "hello", acked));
    expect(await storeIn(page).take("me")).toEqual([entry("b", "again")]);
    await store.remove("me", idOf("b"));
    expect(page.outbox).toBe("");
  });

  it("[W68] isn't given to the page where the frame keeps it, and is taken back from there", async () => {
    const page = pageWith(JSON.stringify([["me", entry("a")]]));
    const browser = browserThat(true);
    const store = storeIn(page, browser);
    const [left] = await store.take("me");
    expect(left).toEqual(entry("a"));
    await store.save("me", entry("a"));
    expect(page.outbox).toBe("");
    await store.save("me", entry("b"));
    expect(page.keep).toHaveBeenCalledTimes(1);
    expect([...browser.all.keys()]).toEqual([idOf("a"), idOf("b")]);
  });

  it("[C7] is left alone by a duplicated tab as long as the page that wrote it lives", async () => {
    const page = pageWith();
    const others = new Set<string>();
    const first = storeIn(page, browserThat(false), { ...pagesBeside(), own: "first" });
    await first.save("me", entry("a"));
    const copy = pageWith(page.outbox);
    const beside = { ...pagesBeside(), own: "second", others: async () => others };
    const second = storeIn(copy, browserThat(false), beside);
    others.add("first");
    expect(await second.take("me")).toEqual([]);
    // What it writes itself doesn't push out what the other may leave.
    await second.save("me", entry("b"));
    others.delete("first");
    const left = [entry("a"), entry("b")];
    expect(await second.take("me")).toEqual(left);
    for (const one of left) await second.save("me", one);
    others.add("second");
    const third = storeIn(pageWith(copy.outbox), browserThat(false), {
      ...beside,
      own: "third",
    });
    expect(await third.take("me")).toEqual([]);
  });

  it("[W69] is said to be unkept when the page has no room, which costs nothing kept before", async () => {
    const page = pageWith("", 400);
    const store = storeIn(page);
    expect(await store.save("me", entry("a"))).toBe(true);
    expect(await store.save("me", entry("b", "long ".repeat(100)))).toBe(false);
    expect(await store.save("me", entry("c"))).toBe(true);
    expect((await storeIn(page).take("me")).map(({ id }) => id)).toEqual([idOf("a"), idOf("c")]);
  });

  it("[W69] is said to be unkept when the page refuses", async () => {
    expect(await storeIn(pageWith("", -1)).save("me", entry("a"))).toBe(false);
  });

  it("[W68] starts from nothing where the page kept nonsense", async () => {
    for (const text of ["", "{", "null", "7", '"a"']) {
      expect(await storeIn(pageWith(text)).take("me")).toEqual([]);
    }
  });

  it("[W68] leaves out each row that is none, whoever wrote it there, and keeps the others", async () => {
    const good = entry("a");
    const start = { ...entry("b"), command: { kind: "start", name: "Vera" } };
    const old = entry("c", "late", { is: "failed" });
    const bad = [
      null,
      7,
      [],
      {},
      "me",
      ["me"],
      ["me", null],
      [{}, good],
      ["me", { ...good, id: 7 }],
      ["me", { ...good, id: "a" }],
      ["me", { ...good, conversation: null }],
      ["me", { ...good, at: "soon" }],
      ["me", { ...good, at: 9e15 }],
      ["me", { ...good, fence: 3 }],
      ["me", { ...good, command: null }],
      ["me", { ...good, command: { kind: "say" } }],
      ["me", { ...good, command: { kind: "say", text: {} } }],
      ["me", { ...good, command: { kind: "start", name: [] } }],
      ["me", { ...good, command: { kind: "note", text: "for agents" } }],
      ["me", { ...good, state: undefined }],
      ["me", { ...good, state: { is: "acked" } }],
      ["me", { ...good, state: { is: "failed", failure: { code: 7 } } }],
    ];
    const rows = [["me", good], ...bad, ["me", start], ["me", old]];
    expect(await storeIn(pageWith(JSON.stringify(rows))).take("me")).toEqual([good, start, old]);
    for (const row of bad) {
      expect(await storeIn(pageWith(JSON.stringify([row]))).take("me")).toEqual([]);
    }
  });
});
