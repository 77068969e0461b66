import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { outbox } from "#shared/client/outbox.ts";
import type { OutboxStore } from "#shared/client/outboxStore.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { browser } from "./support/browser.ts";
import { handLink } from "./support/handLink.ts";
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
