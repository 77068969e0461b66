import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPglite, type Pglite } from "#server/embedded/pglite/pglite.ts";
import { LedgerUnavailable } from "#server/ports.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { ledgerContract } from "./ledger.contract.ts";
import { sqlContract } from "./ledger.sql.contract.ts";
import { World } from "./ledgerWorld.ts";

let folder: string;
let driver: Pglite;
const progress: string[] = [];

// Making an embedded database takes seconds, so all suites here use one.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-pglite-"));
  driver = await openPglite(folder, { progress: (line) => progress.push(line) });
  await migrate(driver);
});
afterAll(async () => {
  await driver.close();
  await rm(folder, { recursive: true, force: true });
});

ledgerContract("PGlite", async () => {
  const ledger = postgresLedger(driver);
  return { first: ledger, second: ledger, close: async () => {} };
});
sqlContract("PGlite", async () => ({ driver, close: async () => {} }));

describe("The embedded PGlite", () => {
  const slow = "select count(*) from generate_series(1, 3000000)";

  it("[LG70] says what takes so long, once", () => {
    expect(progress).toEqual(["Preparing the embedded database"]);
  });

  it("[LG71] fails what was under way when its thread dies, and goes on with another", async () => {
    const world = await World.open(postgresLedger(driver));
    const chat = await world.waiting();
    const underWay = [driver.query(slow), driver.query("select 1"), driver.script("select 1")];
    const failed = Promise.allSettled(underWay);
    await driver.crash();
    for (const one of await failed) {
      expect(one).toMatchObject({ reason: expect.any(LedgerUnavailable) });
    }
    expect(await world.ledger.conversation(world.workspace, chat.id)).toEqual(chat.now);
    await chat.commits(chat.visitorActor, [chat.said("Hello")]);
  });

  it("[LG72] tells the truth about commits its thread died in", async () => {
    const world = await World.open(postgresLedger(driver));
    const chats = await Promise.all(Array.from({ length: 30 }, () => world.waiting()));
    const committing = chats.map(async (chat, i) => {
      await setTimeout(i);
      const change = chat.change(chat.visitorActor, [chat.said("Hello")]);
      try {
        return { change, answer: await chat.commit(change) };
      } catch (error) {
        expect(error).toBeInstanceOf(LedgerUnavailable);
        return { change, answer: await chat.commit(change) };
      }
    });
    await setTimeout(12);
    await driver.crash();
    for (const { change, answer } of await Promise.all(committing)) {
      expect(answer.status).toMatch(/^(committed|repeat)$/);
      const { workspace, conversation } = change;
      const { events } = world.ledger;
      expect(await events(workspace, conversation.id, "agent", 2, 9)).toEqual(change.events);
    }
  });

  it("[LG73] leaves the event loop free", async () => {
    let turns = 0;
    const ticking = setInterval(() => {
      turns += 1;
    }, 2);
    await driver.query(slow);
    clearInterval(ticking);
    expect(turns).toBeGreaterThan(20);
  });

  it("[LG74] closes once and for all, and finds everything when opened again", async () => {
    const other = await mkdtemp(join(tmpdir(), "parley-pglite-"));
    const lines: string[] = [];
    const options = { progress: (line: string) => lines.push(line) };
    const first = await openPglite(other, options);
    await first.script("create table kept (a int); insert into kept values (7)");
    await Promise.all([first.close(), first.close()]);
    await expect(first.query("select 1")).rejects.toBeInstanceOf(LedgerUnavailable);
    const second = await openPglite(other, options);
    expect(await second.query("select a from kept")).toEqual([{ a: 7 }]);
    expect(lines).toHaveLength(1);
    await second.close();
    await rm(other, { recursive: true, force: true });
  });
});
