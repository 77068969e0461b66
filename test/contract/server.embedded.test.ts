import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "#server/config.ts";
import { openStores, type Stores } from "#server/setup/stores.ts";
import { idPattern } from "#shared/model/ids.ts";
import type { Page } from "#shared/protocol/sockets.ts";
import { agentClient, newId, visitorClient } from "../support/clients.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type Bystanders, bystanders } from "../transport/support/bystanders.ts";
import { agentExamples, visitorExamples } from "../transport/support/examples.ts";
import { wholeLog } from "../transport/support/reading.ts";

/** What memory forgives and SQL doesn't: the same door, on the stores a default install has. */
let server: TestServer;
let stores: Stores;
let dataDir: string;
let chat: Bystanders;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "parley-data-"));
  const config = readConfig({ DATA_DIR: dataDir });
  const nothing = () => undefined;
  stores = await openStores(config, { progress: nothing, warn: nothing });
  server = await startServer(stores, { env: { EVENTS_PER_SECOND: "10000" } });
  chat = await bystanders(server);
});
afterAll(async () => {
  chat.close();
  await server.close();
  await stores.close();
  await rm(dataDir, { recursive: true });
});

describe("the embedded stores behind the door", () => {
  it("[B5] keep every text a person can write, and replace what isn't text", async () => {
    const { visitor, conversation } = chat;
    const strange = [
      "a\u0000b",
      "\u0000",
      "\ud800",
      "x\udc00y",
      "😀👩‍👩‍👧",
      '\\u0000 "quoted" \\',
      "'; drop table event; --",
      "$1 $$ {{}} }{",
      "\u202eright to left\u202c",
      "Z̴̢̛a̶l̵g̷o",
      '{"json":null}',
      "line\nbreak\ttab",
      "ї".repeat(10_000),
    ];
    for (const text of strange) {
      const say = { kind: "say", conversation, content: { type: "text", text } };
      expect(await visitor.command(say), text.slice(0, 20)).toMatchObject({ ok: true });
    }
    const log = await wholeLog(visitor, conversation);
    const kept = log.flatMap((event) => (event.kind === "message" ? [event.body.text] : []));
    const readable = (text: string) => text.toWellFormed().replaceAll("\u0000", "\ufffd").trim();
    expect(kept.slice(-strange.length)).toEqual(strange.map(readable));
  });

  it("[B5] keep strange names, pages, locales and zones", async () => {
    const visitor = await visitorClient(server);
    const hello = { protocol: { min: 1, max: 1 }, logEpoch: null };
    await visitor.ask("hello", { ...hello, locale: "\u0000", zone: "\u0000" });
    const conversation = newId();
    const start = { kind: "start", conversation, name: "\u0000Kim\ud800", page: "\u0000" };
    expect(await visitor.command(start)).toMatchObject({ ok: true });
    expect((await wholeLog(visitor, conversation as never))[0]?.body).toMatchObject({
      name: "\ufffdKim\ufffd",
      page: "\ufffd",
      locale: "en",
      zone: "UTC",
    });
    await visitor.command({ kind: "end", conversation });
    visitor.close();
  });

  it("[P9] clamp the largest receipts, and answer the largest since with epoch", async () => {
    const { visitor, agent, conversation } = chat;
    const most = 2_147_483_647;
    for (const client of [visitor, agent]) {
      const receipts = { conversation, delivered: most, read: most };
      expect(await client.ask("receipts", receipts)).toEqual({ ok: true });
      const page = await client.ask<Page>("sync", { conversation, since: 0, limit: 1 });
      const side = client === visitor ? "visitor" : "agent";
      expect(page.ok && page.cursors[side].read).toBe(page.ok && page.head);
      expect(await client.ask("sync", { conversation, since: most })).toMatchObject({
        refusal: { code: "epoch" },
      });
      for (const value of [most + 1, 2 ** 53]) {
        const beyond = { conversation, delivered: value, read: 0 };
        expect(await client.ask("receipts", beyond)).toMatchObject({
          refusal: { code: "invalid" },
        });
      }
    }
  });

  it("[B1] take every example and never answer unavailable", async () => {
    const visitor = await visitorClient(server);
    const agent = await agentClient(server, 2);
    const queue = agent.welcome.queues[0]?.id ?? "";
    const own = newId();
    const examples = [
      ...visitorExamples(own as never, queue).map((one) => ({ ...one, client: visitor })),
      ...visitorExamples(newId() as never, queue).map((one) => ({ ...one, client: visitor })),
      ...agentExamples(own as never, queue).map((one) => ({ ...one, client: agent })),
      ...agentExamples(newId() as never, queue).map((one) => ({ ...one, client: agent })),
    ];
    for (const { client, event, payload } of examples) {
      if (event === "typing") continue;
      const answer = await client.ask(event, payload);
      if (!answer.ok) expect(answer.refusal.code).not.toMatch(/unavailable|retry|invalid/);
    }
    visitor.close();
    agent.close();
  });

  it("[P3] repeat first answers and refuse other bodies as memory does", async () => {
    const { visitor, conversation } = chat;
    const say = { id: newId(), kind: "say", conversation, content: { type: "text", text: "Once" } };
    const first = await visitor.ask("command", say);
    expect(await visitor.ask("command", say)).toEqual({ ...first, repeat: true });
    const other = { ...say, content: { type: "text", text: "Twice" } };
    expect(await visitor.ask("command", other)).toMatchObject({
      refusal: { code: "command_conflict" },
    });
    expect(say.id).toMatch(idPattern);
  });

  it("[B6] write no line above information while all this goes on", async () => {
    await chat.stillTalk();
    const worse = server.log.filter((line) => (JSON.parse(line) as { level: number }).level >= 40);
    expect(worse).toEqual([]);
  });
});
