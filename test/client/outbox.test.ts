import { setImmediate as turn } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { outbox } from "#shared/client/outbox.ts";
import type { OutboxStore } from "#shared/client/outboxStore.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import { type Browser, browser } from "./support/browser.ts";
import { handLink } from "./support/handLink.ts";
import { setting } from "./support/setting.ts";
import { simulation } from "./support/simulation.ts";

it("[C5] sends what waited for its fence, also when the fence comes while it looks for it", async () => {
  const { link, asked } = handLink();
  let fence: number | null = null;
  const box = outbox({
    world: simulation(1).world(),
    link,
    store: browser().page(),
    sender: Promise.resolve("agent a1"),
    lane: ({ conversation }) => conversation,
    fence: () => fence,
    acked: () => undefined,
  });
  box.add("c1" as ConversationId, { kind: "say", text: "hello" });
  fence = 3;
  box.kick();
  await turn();
  expect(asked.map(({ payload }) => payload)).toMatchObject([{ kind: "say", fence: 3 }]);
});

it("[C7] tells which commands are gone with the page, as long as they are", async () => {
  const { link } = handLink();
  let keeps = false;
  const store: OutboxStore = { ...browser().page(), save: async () => keeps };
  const box = outbox({
    world: simulation(1).world(),
    link,
    store,
    sender: Promise.resolve("visitor v1"),
    lane: () => "",
    fence: () => null,
    acked: () => undefined,
  });
  box.add("c1" as ConversationId, { kind: "say", text: "hello" });
  await turn();
  const [first] = box.entries.value;
  expect([...box.unkept.value]).toEqual([first?.id]);
  keeps = true;
  box.add("c1" as ConversationId, { kind: "say", text: "again" });
  await turn();
  expect(box.unkept.value.size).toBe(1);
});

it("[C7] connects and sends, as a visitor and as an agent, where what was kept can't be read", async () => {
  const reported = vi.fn();
  vi.stubGlobal("reportError", reported);
  const { sim, visitor, agent } = setting();
  const broken: Browser = browser();
  const { page } = broken;
  broken.page = () => ({
    ...page(),
    take: () => Promise.reject(new Error("not readable")),
    onGone: () => Promise.reject(new Error("no locks")),
  });
  const visiting = visitor(broken);
  const working = agent("a1", broken);
  visiting.session.start(null, "hello");
  await sim.pass(seconds(5));
  const last = visiting.session.timeline.value.at(-1);
  expect(last).toMatchObject({ text: "hello", mark: "sent" });
  expect(working.session.connection.value).toBe("online");
  expect(reported).toHaveBeenCalledTimes(4);
  vi.unstubAllGlobals();
});
