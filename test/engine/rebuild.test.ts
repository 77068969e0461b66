import { v7 as uuid } from "uuid";
import { expect, it } from "vitest";
import { createDirectory } from "#server/engine/directory.ts";
import { rebuildDesk } from "#server/engine/rebuild.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import { seconds } from "#shared/model/time.ts";
import { World } from "../contract/ledgerWorld.ts";

it("[RC27] a Desk that another node made anew after it was lost is left as it is", async () => {
  const clock = { now: () => Date.now() };
  const ledger = memoryLedger(clock, "e");
  const { workspace } = await World.open(ledger);
  const desk = memoryDesk(clock);
  const directory = createDirectory({ workspace, ledger, desk, origins: [] });
  const ids = { next: () => uuid() };
  const rebuild = (lostFor: number) =>
    rebuildDesk(
      workspace,
      "this",
      { ledger, desk, directory, ids },
      { onlyIfLost: false, unlessWithin: () => lostFor, begun() {} },
    );
  await rebuild(0);
  const first = await desk.epoch(workspace);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await rebuild(60_000);
  expect(await desk.epoch(workspace)).toEqual(first);
  // It was lost after that.
  await rebuild(5);
  expect(await desk.epoch(workspace)).not.toEqual(first);
});

it("[RC25] a rebuild that takes longer than its lease keeps it until it is done", async () => {
  let now = 1_000_000;
  const clock = { now: () => now };
  const ledger = memoryLedger(clock, "e");
  const world = await World.open(ledger);
  const { workspace } = world;
  const one = (await world.waiting()).now;
  const open = Array.from({ length: 3_000 }, () => ({ ...one, id: uuid() as typeof one.id }));
  const desk = memoryDesk(clock);
  const others: unknown[] = [];
  let placed = 0;
  const slow: typeof desk = {
    ...desk,
    async place(...asked) {
      placed += 1;
      if (placed % 500 === 0) {
        now += seconds(5);
        others.push(await ledger.takeLease(`rebuild:${workspace}`, "other", seconds(15)));
      }
      return desk.place(...asked);
    },
  };
  const directory = createDirectory({ workspace, ledger, desk, origins: [] });
  await rebuildDesk(
    workspace,
    "this",
    {
      ledger: { ...ledger, openConversations: async () => open },
      desk: slow,
      directory,
      ids: { next: () => uuid() },
    },
    { onlyIfLost: true, begun() {} },
  );
  expect(others).toEqual(Array(6).fill(null));
  expect(await desk.epoch(workspace)).toMatchObject({ state: "ready" });
  expect((await desk.inventory(workspace)).placed).toHaveLength(3_000);
});
