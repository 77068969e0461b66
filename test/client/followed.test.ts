import { fc } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { followed } from "#shared/client/followed.ts";
import { liveList } from "#shared/client/liveList.ts";
import { outbox } from "#shared/client/outbox.ts";
import { receipts } from "#shared/client/receipts.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { history, visitor } from "../shared/support/history.ts";
import { browser } from "./support/browser.ts";
import { handLink } from "./support/handLink.ts";
import { simulation } from "./support/simulation.ts";

const long = () =>
  fc.sample(
    history.filter((events) => events.length > 12),
    { numRuns: 1, seed: 5 },
  )[0] as ConversationEvent[];
const cursors = { visitor: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } };

function follow() {
  const sim = simulation(1);
  const { link, asked } = handLink();
  const world = sim.world();
  const id = "c1" as ConversationId;
  const box = outbox({
    world,
    link,
    store: browser().page(),
    sender: Promise.resolve("me"),
    lane: () => "",
    fence: () => undefined,
    acked() {},
  });
  const it = followed({
    id,
    side: "agent",
    me: () => visitor,
    takesPart: () => false,
    world,
    link,
    outbox: box,
  });
  const page = (events: readonly ConversationEvent[], head: number, logEpoch = "epoch-1") =>
    ({ ok: true, logEpoch, events, head, more: false, cursors }) as const;
  const joined = (head: number) =>
    ({ ok: true, head: { conversation: id, head, cursors } }) as const;
  const seqs = () => it.timeline.value.map(({ seq }) => seq);
  return { sim, asked, it, page, joined, seqs };
}

describe("Following a conversation", () => {
  it("[C1] looks once more when something was missing while it was asking", async () => {
    const events = long();
    const { asked, it, page, joined } = follow();
    it.resume(false);
    await asked[0]?.answer(joined(5));
    expect(asked[1]).toMatchObject({ event: "sync", payload: { since: 0 } });
    // The sixth is lost, the seventh comes, the page was written before both.
    it.events(events.slice(6, 7));
    await asked[1]?.answer(page(events.slice(0, 5), 5));
    expect(asked[2]).toMatchObject({ event: "sync", payload: { since: 5 } });
    await asked[2]?.answer(page(events.slice(5, 7), 7));
    expect(it.conversation.value?.seq).toBe(7);
    expect(it.ready.value).toBe(true);
  });

  it("[C1] asks once for any number of gaps at a time", async () => {
    const events = long();
    const { asked, it, joined } = follow();
    it.resume(false);
    await asked[0]?.answer(joined(5));
    for (const event of events.slice(5, 10)) it.events([event]);
    expect(asked.filter(({ event }) => event === "sync")).toHaveLength(1);
  });

  it("[C4] takes nothing from an answer that belongs to the log before", async () => {
    const events = long();
    const { asked, it, page, joined } = follow();
    it.resume(false);
    await asked[0]?.answer(joined(3));
    it.resume(true);
    await asked[1]?.answer(page(events.slice(0, 3), 3));
    expect(it.conversation.value).toBeNull();
    await asked[2]?.answer(joined(2));
    await asked[3]?.answer(page(events.slice(0, 2), 2));
    expect(it.conversation.value?.seq).toBe(2);
  });

  it("[C1] walks through pages and waits between tries that fail", async () => {
    const events = long();
    const { sim, asked, it, page, joined } = follow();
    it.resume(false);
    await asked[0]?.answer(joined(9));
    await asked[1]?.answer({ ...page(events.slice(0, 4), 9), more: true });
    expect(it.ready.value).toBe(false);
    await asked[2]?.answer({ ok: false, refusal: { code: "rate", retry: true } });
    expect(asked).toHaveLength(3);
    await sim.pass(seconds(2));
    expect(asked[3]).toMatchObject({ event: "sync", payload: { since: 4 } });
    await asked[3]?.answer(page(events.slice(4, 9), 9));
    expect(it.ready.value).toBe(true);
    expect(it.conversation.value?.seq).toBe(9);
  });
});

describe("A list", () => {
  const row = (id: string, queuedAt: number) => ({ conversation: { id, queuedAt } }) as ListRow;
  const order = (a: ListRow, b: ListRow) => a.conversation.queuedAt - b.conversation.queuedAt;

  it("[C13] keeps the patches that overtake the window they follow", async () => {
    const { link, asked } = handLink();
    const list = liveList({ name: "waiting", order, world: simulation(1).world(), link });
    list.ask();
    const patch = { list: "waiting" as const, remove: [], total: 3 };
    list.patch({ ...patch, version: 8, upsert: [row("c", 3)] });
    list.patch({ ...patch, version: 7, upsert: [row("a", 1)] });
    list.patch({ ...patch, version: 6, upsert: [row("old", 9)] });
    const window = { list: "waiting", version: 6, rows: [row("b", 2)], total: 1 };
    await asked[0]?.answer({ ok: true, ...window });
    expect(list.state.value.rows.map(({ conversation }) => conversation.id)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(list.state.value.total).toBe(3);
    expect(asked).toHaveLength(1);
  });

  it("[C13] takes only the newest of several answers", async () => {
    const { link, asked } = handLink();
    const list = liveList({ name: "mine", order, world: simulation(1).world(), link });
    list.ask();
    list.ask();
    const window = { list: "mine", version: 1, total: 1 };
    await asked[1]?.answer({ ok: true, ...window, rows: [row("new", 1)] });
    await asked[0]?.answer({ ok: true, ...window, rows: [row("old", 1)] });
    expect(list.state.value.rows.map(({ conversation }) => conversation.id)).toEqual(["new"]);
  });
});

describe("Receipts", () => {
  it("[C11] tell what came to be known while others were under way, after a second", async () => {
    const sim = simulation(1);
    let wanted = { delivered: 1, read: 0 };
    let known = { delivered: 0, read: 0 };
    const sent: { delivered: number; at: number }[] = [];
    const check = receipts({
      world: sim.world(),
      wanted: () => wanted,
      known: () => known,
      able: () => true,
      send: (receipt) =>
        new Promise((resolve) => {
          sent.push({ ...receipt, at: sim.now() });
          sim.after(200, () => {
            known = receipt;
            resolve(true);
          });
        }),
    });
    check();
    await sim.pass(100);
    wanted = { delivered: 2, read: 2 };
    check();
    await sim.pass(seconds(3));
    expect(sent.map(({ delivered }) => delivered)).toEqual([1, 2]);
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBe(1_000);
  });
});
