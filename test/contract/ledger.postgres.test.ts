import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Committed, type Ledger, LedgerUnavailable, type LogMark } from "#server/ports.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import type { Actor } from "#shared/model/actor.ts";
import { type Cutter, startCutter } from "../support/cutter.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { ledgerContract } from "./ledger.contract.ts";
import { sqlContract } from "./ledger.sql.contract.ts";
import { type Chat, World } from "./ledgerWorld.ts";

const system: Actor = { kind: "system", id: "router" };
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

ledgerContract("PostgreSQL", async () => {
  const url = await server.database();
  const drivers = [openPool(url), openPool(url)] as const;
  // Two nodes that start together on an empty database.
  await Promise.all(drivers.map(migrate));
  const [first, second] = [postgresLedger(drivers[0]), postgresLedger(drivers[1])];
  return {
    first,
    second,
    async close() {
      await Promise.all([first.close(), second.close()]);
    },
  };
});

sqlContract("PostgreSQL", async () => {
  const driver = openPool(await server.database());
  return { driver, close: () => driver.close() };
});

describe("A backup of PostgreSQL put back into the cluster it is from", () => {
  it("[LG83] is another log where it lacks what was marked, and the same where it lacks nothing", async () => {
    const url = await server.database();
    const start = async (mark: LogMark | null) => {
      const driver = openPool(url);
      await migrate(driver);
      const ledger = postgresLedger(driver);
      return { ledger, epoch: await ledger.openLog(mark ? [mark] : []) };
    };
    const first = await start(null);
    const world = await World.open(first.ledger);
    const beat = (ledger: Ledger) =>
      ledger.beatNode(world.workspace, { id: world.anna, cutOff: false }, 1_000);
    await world.waiting();
    const atBackup = await beat(first.ledger);
    const putBack = await server.backup(url);
    const chat = await world.waiting();
    const mark = await beat(first.ledger);
    await first.ledger.close();

    await putBack();
    const second = await start(mark);
    expect(await second.ledger.conversation(world.workspace, chat.id)).toBeNull();
    expect(second.epoch).not.toBe(first.epoch);
    // What is marked of the log that went on from the backup is there.
    expect(await second.ledger.openLog([await beat(second.ledger)])).toBe(second.epoch);
    await second.ledger.close();

    await putBack();
    const third = await start(atBackup);
    expect(third.epoch).toBe(first.epoch);
    await third.ledger.close();
  });
});

describe("The plan of a commit", () => {
  it("[LG66] reads a handful of rows for each, though made when tables were empty", async () => {
    const driver = openPool(await server.database());
    await migrate(driver);
    await driver.query("vacuum (analyze)");
    const ledger = postgresLedger(driver);
    const world = await World.open(ledger);
    let commits = 0;
    for (let round = 0; round < 30; round += 1) {
      const chats = await Promise.all(Array.from({ length: 20 }, () => world.waiting()));
      await Promise.all(
        chats.map(async (chat, i) => {
          await chat.commits(system, [chat.said("Hello"), chat.parked()]);
          const subject = { kind: "conversation" as const, id: chat.id };
          const due = [{ kind: "wake" as const, subject, at: world.now, fence: round }];
          await chat.commit({ ...chat.change(system, [chat.noted("Wake me")]), due });
          if (i > 0) return;
          await chat.commits(system, [chat.assigned(world.anna)]);
          await chat.commits(system, [chat.closed()]);
          commits += 2;
        }),
      );
      commits += 3 * chats.length;
    }
    // Statistics arrive a moment after their transaction.
    await setTimeout(1_200);
    const read = await driver.query<{ table: string; rows: number }>(
      `select relname as table, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as rows
       from pg_stat_user_tables where schemaname = 'public'`,
    );
    await ledger.close();
    const perCommit = read.map(({ table, rows }) => ({ table, rows: rows / commits }));
    expect(perCommit.filter(({ rows }) => rows > 5)).toEqual([]);
  });
});

describe("PostgreSQL behind a bad line", () => {
  let cutter: Cutter;
  let ledger: Ledger;
  let near: Ledger;
  let world: World;
  let url: string;

  beforeAll(async () => {
    url = await server.database();
    cutter = await startCutter(server.port);
    near = postgresLedger(openPool(url));
    const far = new URL(url);
    far.port = String(cutter.port);
    const driver = openPool(far.href);
    await migrate(driver);
    ledger = postgresLedger(driver);
    world = await World.open(ledger);
  });
  afterAll(async () => {
    await Promise.all([ledger.close(), near.close()]);
    await cutter.close();
  });

  const log = (chat: Chat) => near.events(world.workspace, chat.id, "agent", 0, 1_000);

  it("[LG80] finds out that a commit happened whose answer was lost", async () => {
    const chat = await world.waiting();
    cutter.deafen();
    const change = chat.change(chat.visitorActor, [chat.said("Hello")]);
    const committing = chat.commit(change);
    while ((await log(chat)).length < 3) await setTimeout(5);
    cutter.cut();
    expect(await committing).toMatchObject({ status: "committed", seq: 3 });
    expect(await ledger.commit(change)).toMatchObject({ status: "repeat", seq: 3 });
  });

  it("[LG80] is sure of each answer while lines break, and commits each command once", async () => {
    const chats = await Promise.all(Array.from({ length: 20 }, () => world.waiting()));
    let breaking = true;
    const broken = (async () => {
      for (let cuts = 0; cuts < 40; cuts += 1) {
        await setTimeout(20 + (cuts % 5) * 10);
        if (cuts % 2) cutter.deafen();
        cutter.cut();
      }
      breaking = false;
    })();
    const insist = async (chat: Chat, on: Ledger): Promise<Committed> => {
      const change = chat.change(chat.visitorActor, [chat.said("Hello")]);
      for (;;) {
        try {
          const answer = await on.commit(change);
          chat.state = change.conversation;
          chat.events.push(...change.events);
          return answer;
        } catch (error) {
          expect(error).toBeInstanceOf(LedgerUnavailable);
          unsure += 1;
        }
      }
    };
    let unsure = 0;
    await Promise.all(
      chats.map(async (chat) => {
        while (breaking) {
          const { status } = await insist(chat, ledger);
          expect(["committed", "repeat"]).toContain(status);
        }
      }),
    );
    await broken;
    for (const chat of chats) expect(await log(chat)).toEqual(chat.events);
    expect(unsure).toBeGreaterThan(0);
  });

  it("[LG81] throws LedgerUnavailable while the server is away, and goes on when it is back", async () => {
    const chat = await world.waiting();
    const change = chat.change(chat.visitorActor, [chat.said("Hello")]);
    await server.kill();
    await expect(ledger.now()).rejects.toBeInstanceOf(LedgerUnavailable);
    await expect(ledger.commit(change)).rejects.toBeInstanceOf(LedgerUnavailable);
    await server.start();
    expect(await chat.commit(change)).toMatchObject({ status: "committed" });
    expect(await near.conversation(world.workspace, chat.id)).toEqual(chat.now);
  });

  it("[LG82] deadlocks nowhere while two nodes start, move and close the same chats", async () => {
    const visitors = (await Promise.all(Array.from({ length: 12 }, () => world.waiting()))).map(
      ({ visitor }) => visitor,
    );
    const pick = <T>(all: readonly T[]): T => all[Math.floor(Math.random() * all.length)] as T;
    const act = async (on: Ledger) => {
      const visitor = pick(visitors);
      const state = await on.latestConversation(world.workspace, visitor);
      const chat = Object.assign(world.chat(visitor), state && { id: state.id, state });
      const agent = pick([world.anna, world.ben]);
      const drafts = pick([
        [chat.assigned(agent, 10)],
        [chat.queued()],
        [chat.said("Hello"), chat.closed()],
      ]);
      await on.commit(chat.change(system, drafts));
      const other = world.chat(visitor);
      await on.commit(other.change(other.visitorActor, [other.started(), other.queued()]));
    };
    await Promise.all(
      Array.from({ length: 24 }, async (_, i) => {
        for (let n = 0; n < 15; n += 1) await act(i % 2 ? ledger : near);
      }),
    );
    const [row] = await deadlocks();
    expect(row).toEqual({ deadlocks: 0 });
    const held = await near.agents(world.workspace);
    const owned = await near.openConversations(world.workspace);
    for (const { id, used } of held) {
      const mine = owned.filter((one) => one.status === "assigned" && one.agent === id);
      expect(used).toBe(mine.reduce((sum, { units }) => sum + units, 0));
    }
  });

  async function deadlocks() {
    const driver = openPool(url);
    // Statistics arrive a moment after their transaction.
    await setTimeout(1_200);
    const rows = await driver.query(
      "select deadlocks from pg_stat_database where datname = current_database()",
    );
    await driver.close();
    return rows;
  }
});
