import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Change, Ledger } from "#server/ports.ts";
import { type Driver, SqlError } from "#server/postgres/driver.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { outcomes } from "#server/postgres/sql/outcomes.ts";
import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import { World } from "./ledgerWorld.ts";

/** What both SQL databases promise beyond the port. */
export function sqlContract(
  name: string,
  make: () => Promise<{ driver: Driver; close(): Promise<void> }>,
): void {
  describe(`SQL in ${name}`, () => {
    let driver: Driver;
    let close: () => Promise<void>;
    let ledger: Ledger;
    let world: World;
    const system: Actor = { kind: "system", id: "router" };

    beforeAll(async () => {
      ({ driver, close } = await make());
      await migrate(driver);
      ledger = postgresLedger(driver);
    });
    afterAll(() => close());
    beforeEach(async () => {
      world = await World.open(ledger);
    });

    it("[LG60] lets a bad item fail alone", async () => {
      const chats = await Promise.all(Array.from({ length: 9 }, () => world.waiting()));
      const all = await Promise.allSettled(
        chats.map((chat, i) =>
          // No SQL text can hold a zero character.
          chat.commit(chat.change(chat.visitorActor, [chat.said(i === 4 ? "\0" : "Hello")])),
        ),
      );
      for (const [i, chat] of chats.entries()) {
        const one = all[i];
        if (i === 4) expect(one).toMatchObject({ reason: expect.any(SqlError) });
        else expect(one).toMatchObject({ value: { status: "committed", seq: 3 } });
        expect(await ledger.conversation(world.workspace, chat.id)).toEqual(chat.now);
      }
      const bad = chats[4];
      await bad?.commits(system, [bad.said("Still alive")]);
    });

    it("[LG80] knows of a change with an unknown outcome whether it happened, and happened so", async () => {
      const chat = await world.waiting();
      const change = chat.change(chat.visitorActor, [chat.said("Hello")]);
      const ask = async (asked: Change) =>
        (await outcomes(driver, [asked], () => Promise.reject(new Error("no need to wait"))))[0];
      expect(await ask(change)).toBeNull();
      await chat.commit(change);
      expect(await ask(change)).toMatchObject({
        status: "committed",
        seq: 3,
        at: change.events[0]?.at,
      });
      const otherwise = change.events.map((event) => ({ ...event, at: event.at + 5 }));
      expect(await ask({ ...change, events: otherwise })).toMatchObject({
        status: "repeat",
        seq: 3,
        conversation: chat.id,
      });
      const command = { ...change.command, hash: "other" };
      expect(await ask({ ...change, command })).toEqual({ status: "bodyMismatch" });
    });

    it.each([
      ["assigned to nobody", { status: "assigned", agent: null, since: null }],
      ["closed for no reason", { status: "closed", reason: null, closedAt: null }],
      ["woken by a clock though unattended", { why: "unattended", status: "parked", wakeAt: 1 }],
      ["of an unknown status", { status: "bot" }],
      ["with a head beyond its end", { head: { seq: 99, at: 1 } }],
    ])("[LG61] holds no conversation %s", async (_, wrong) => {
      const chat = await world.waiting();
      const change = chat.change(system, [chat.noted("Hm")]);
      const conversation = { ...change.conversation, ...wrong } as Conversation;
      const wholly = { ...change, conversation, onlyCounters: false };
      await expect(ledger.commit(wholly)).rejects.toThrow("check constraint");
    });

    it("[LG61] holds no waiting conversation with an owner", async () => {
      const { id } = await world.waiting();
      const force = "update conversation set agent = id, since = 1 where id = $1";
      await expect(driver.query(force, [id])).rejects.toThrow("conversation_assigned");
    });

    it("[LG62] migrates once, and again without harm", async () => {
      const applied = () => driver.query("select name, checksum, at from migration order by name");
      const epoch = await ledger.logEpoch();
      const before = await applied();
      await migrate(driver);
      expect(await applied()).toEqual(before);
      expect(before.length).toBeGreaterThan(0);
      expect(await ledger.logEpoch()).toBe(epoch);
    });

    it("[LG62] refuses a database migrated with other files", async () => {
      const change = (to: string) =>
        driver.query("update migration set checksum = $1 where name = '0001-schema.sql'", [to]);
      const [row] = await driver.query<{ checksum: string }>(
        "select checksum from migration where name = '0001-schema.sql'",
      );
      await change("other");
      await expect(migrate(driver)).rejects.toThrow("0001-schema.sql is not the file");
      await change(row?.checksum ?? "");
    });

    it("[LG63] starts a new log epoch when the database was moved or restored", async () => {
      const epoch = await ledger.logEpoch();
      await driver.query("update log_meta set place = 'elsewhere'");
      await migrate(driver);
      const moved = await ledger.logEpoch();
      expect(moved).not.toBe(epoch);
      await migrate(driver);
      expect(await ledger.logEpoch()).toBe(moved);
    });

    it("[LG64] runs a script whole or not at all", async () => {
      const script = driver.script("create table half (a int); insert into half values (1 / 0)");
      await expect(script).rejects.toMatchObject({ code: "22012" });
      const [found] = await driver.query<{ half: string | null }>(
        "select to_regclass('half')::text as half",
      );
      expect(found).toEqual({ half: null });
    });

    it("[LG65] answers numbers as numbers, json parsed, transaction ids as text", async () => {
      const [row] = await driver.query(
        `select 9007199254740991::bigint as big, 1.5::float8 as fraction, true as yes,
                null::bigint as nothing, '{"a":[1]}'::jsonb as json,
                pg_current_xact_id()::text as xid, $1::uuid[] as ids`,
        [[world.anna, world.ben]],
      );
      expect(row).toEqual({
        big: 9007199254740991,
        fraction: 1.5,
        yes: true,
        nothing: null,
        json: { a: [1] },
        xid: expect.stringMatching(/^\d+$/),
        ids: [world.anna, world.ben],
      });
    });

    it("[LG66] looks rows up by their keys before there are statistics", async () => {
      const plan = await driver.query<{ "QUERY PLAN": string }>(
        "explain select * from conversation where workspace = $1 and id = $2",
        [world.workspace, world.anna],
      );
      expect(JSON.stringify(plan)).toContain("conversation_pkey");
    });
  });
}
