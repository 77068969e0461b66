import { once } from "node:events";
import { connect, createServer } from "node:net";
import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { openPglite } from "#server/embedded/pglite/pglite.ts";
import { openPool } from "#server/postgres/pool.ts";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import {
  type Client,
  eventually,
  newId,
  type Reachable,
  visitorClient,
} from "../support/clients.ts";
import { freePort } from "../support/freePort.ts";
import { handWire } from "../support/history/handWire.ts";
import { type Recorder, recorder } from "../support/history/record.ts";
import {
  descendantsOf,
  isRunning,
  type Parley,
  type ParleyOptions,
  removeFolder,
  runParley,
} from "../support/process.ts";
import { embeddedTruth } from "../support/sqlTruth.ts";
import { nativeStores } from "../support/stack.ts";
import { violationsIn } from "./campaigns/judged.ts";

const running: Parley[] = [];
const folders: string[] = [];

async function start(options: ParleyOptions = {}): Promise<Parley> {
  const parley = await runParley(options);
  running.push(parley);
  folders.push(parley.dataDir);
  return parley;
}

afterEach(async () => {
  for (const parley of running.splice(0)) await parley.end("SIGKILL");
  for (const folder of folders.splice(0)) await removeFolder(folder);
});

const secret = "not very secret, but of many different letters";

describe("a server of its own", () => {
  it("[OP1] becomes ready on an empty data directory", async () => {
    const parley = await start();
    const { seconds, signIns } = await parley.ready();
    console.log(`ready on an empty data directory after ${seconds} s`);
    expect(signIns.map(({ email, role }) => `${email} ${role}`)).toEqual([
      "owner@demo.test owner",
      "anna@demo.test agent",
      "ben@demo.test agent",
      "iryna@demo.test agent",
    ]);
    const health = await fetch(`${parley.url}/health/ready`);
    expect([health.status, await health.json()]).toEqual([
      200,
      { status: "ready", sql: "ok", redis: "ok" },
    ]);
  });

  it("[OP2] keeps its data directory to itself, and leaves all it acknowledged when killed", async () => {
    const first = await start();
    await first.ready();

    const second = await start({ dataDir: first.dataDir });
    await expectRefusal(second, /^The data directory \S+ is in use by another Parley server\./);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);

    const { history, watch } = recorder();
    const acked = await talkUntilGone(first, "Kill Nine", watch, (count) => {
      if (count === 20) first.child.kill("SIGKILL");
    });
    expect(await first.ended).toEqual({ code: null, signal: "SIGKILL" });
    const third = await start({ dataDir: first.dataDir });
    await third.ready();
    expect(third.output()).toContain("Passwords were shown at the first start");
    await third.end();
    const driver = await openPglite(first.dataDir);
    const wrong = await violationsIn(history, driver, { complete: true });
    await driver.close();
    expect(wrong).toEqual([]);
    const truth = await embeddedTruth(first.dataDir);
    const texts = (await truth.messages("Kill Nine")).map(({ text }) => text);
    expect(await truth.faults()).toEqual([]);
    await truth.close();
    expect(acked.length).toBeGreaterThanOrEqual(20);
    expect(texts.slice(0, acked.length)).toEqual(acked);
    // The one under way when the end came may have been committed without a word.
    expect(texts.length - acked.length).toBeLessThanOrEqual(1);
  });

  it("[OP3] finishes what it has begun on SIGTERM, says that it leaves, and ends with 0", async () => {
    const stores = await nativeStores();
    try {
      const stack = await stores.start();
      const { parley } = stack;
      const { history, watch } = recorder();
      const visitor = recordedHand(await visitorClient(at(parley)), watch);
      const conversation = await startNamed(visitor, "Late Word");
      // As browsers open one before they need it; nobody may wait for it.
      const silent = connect(parley.port, "127.0.0.1").on("error", () => undefined);
      await once(silent, "connect");
      // Somebody holds the log, so the message is under way for as long as we like.
      const hold = await holdLog(stack.databaseUrl ?? "");
      const late = visitor.command(saying(conversation, "before you go"));
      await hold.isWaitedFor();
      const request = await beginRequest(parley.port, "/health/ready");
      const draining = new Promise((resolve) => visitor.socket.once("draining", resolve));
      const ended = parley.end("SIGTERM");
      expect(await draining).toEqual({ retryAfterMs: expect.any(Number) });

      expect(await request.finish()).toMatch(/^HTTP\/1\.1 503 [\s\S]*"status":"draining"/);
      await expect(fetch(`${parley.url}/health/ready`)).rejects.toThrow();
      expect(await visitor.command(saying(conversation, "one more"))).toMatchObject({
        ok: false,
        refusal: { code: "draining", retry: true },
      });
      await hold.release();
      expect(await late).toMatchObject({ ok: true });
      expect(await ended).toEqual({ code: 0, signal: null });
      const truth = await stack.truth();
      const texts = (await truth.messages("Late Word")).map(({ text }) => text);
      expect(texts).toEqual(["before you go"]);
      visitor.close();
      const driver = openPool(stack.databaseUrl ?? "");
      const wrong = await violationsIn(history, driver, { complete: true });
      await driver.close();
      expect(wrong).toEqual([]);
      await stack.close();
    } finally {
      await stores.close();
    }
  });

  it.each([
    { killed: "the start script", by: "script" },
    { killed: "npm", by: "npm" },
  ] as const)("[OP4] ends by itself when $killed is killed", async ({ by }) => {
    const first = await start({ by });
    await first.ready();
    const below = descendantsOf(first.child.pid ?? 0);
    expect(below.length).toBeGreaterThan(0);
    first.child.kill("SIGKILL");
    await eventually(() => !below.some(isRunning));
    const again = await start({ dataDir: first.dataDir, port: first.port });
    await again.ready();
  });
});

describe("a start that nobody waits for any more", () => {
  it("[OP4] ends by itself when the start script is killed before it is ready", async () => {
    const parley = await start({ by: "script" });
    const below = await eventually(() => {
      const found = descendantsOf(parley.child.pid ?? 0);
      return found.length > 0 ? found : null;
    });
    expect(parley.output()).not.toContain("is ready");
    parley.child.kill("SIGKILL");
    await eventually(() => !below.some(isRunning), 30_000);
  });
});

describe("a start that can't be", () => {
  it("[OP5] names the port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      await expectRefusal(
        await start({ port }),
        new RegExp(`^port ${port} on 127\\.0\\.0\\.1 is taken`),
      );
    } finally {
      other.close();
    }
  });

  it.each([
    {
      what: "the PostgreSQL that isn't there",
      env: async () => ({
        DATABASE_URL: `postgres://parley:word@127.0.0.1:${await freePort()}/parley`,
        SECRET_KEY: secret,
      }),
      sentence: /^PostgreSQL at 127\.0\.0\.1:\d+\/parley \(DATABASE_URL\) can't be reached/,
    },
    {
      what: "the Redis that isn't there",
      env: async () => ({ REDIS_URL: `redis://:word@127.0.0.1:${await freePort()}` }),
      sentence: /REDIS_URL/,
    },
    {
      what: "a missing SECRET_KEY beside DATABASE_URL",
      env: async () => ({ DATABASE_URL: "postgres://parley:word@127.0.0.1/parley" }),
      sentence: /^SECRET_KEY: /,
    },
    {
      what: "a missing SECRET_KEY in production",
      env: async () => ({ NODE_ENV: "production" }),
      sentence: /^SECRET_KEY: must be set in production/,
    },
    {
      what: "a SECRET_KEY that is a placeholder",
      env: async () => ({ NODE_ENV: "production", SECRET_KEY: "change-me".repeat(5) }),
      sentence: /^SECRET_KEY: looks like a placeholder/,
    },
    {
      what: "a SECRET_KEY that is too short",
      env: async () => ({ SECRET_KEY: "short" }),
      sentence: /^SECRET_KEY: needs at least 32 characters/,
    },
    {
      what: "a production without an owner",
      env: async () => ({ NODE_ENV: "production", SECRET_KEY: secret }),
      sentence: /^ADMIN_EMAIL and ADMIN_PASSWORD: /,
    },
    {
      what: "a PUBLIC_URL that sends cookies in the clear",
      env: async () => ({ PUBLIC_URL: "http://chat.example.com" }),
      sentence: /^PUBLIC_URL: http:\/\/chat\.example\.com must be https/,
    },
  ])("[OP6] names $what", async ({ env, sentence }) => {
    await expectRefusal(await start({ env: await env() }), sentence);
  });

  it("[OP7] makes no demo in production", async () => {
    const parley = await start({
      env: {
        NODE_ENV: "production",
        SECRET_KEY: secret,
        ADMIN_EMAIL: "owner@example.com",
        ADMIN_PASSWORD: "a long enough password",
      },
    });
    const { shopUrl, signIns } = await parley.ready();
    expect(shopUrl).toBeNull();
    expect(parley.output()).not.toMatch(/demo|a long enough password/i);
    expect(signIns).toEqual([]);
    const statuses = ["/shop/", "/frame/demo-shop", "/frame/main", "/console"].map(
      async (path) => (await fetch(parley.url + path, { redirect: "manual" })).status,
    );
    // The console is at PUBLIC_URL's host name alone and sends everybody there.
    expect(await Promise.all(statuses)).toEqual([404, 404, 200, 302]);
    const home = await fetch(parley.url, { redirect: "manual" });
    expect(home.headers.get("location")).toBe("/console");
  });
});

/** It ends with an error, and all it says is one sentence that begins like this: no stack. */
async function expectRefusal(parley: Parley, sentence: RegExp): Promise<void> {
  expect(await parley.ended).toEqual({ code: 1, signal: null });
  const lines = parley.output().trim().split("\n");
  const said = lines.filter((line) => !line.startsWith("Preparing the embedded database"));
  expect(said).toEqual([expect.stringMatching(/^Parley can't start\. \S/)]);
  expect(said[0]?.slice("Parley can't start. ".length)).toMatch(sentence);
  expect(parley.output()).not.toContain("word");
}

/** What clients of the protocol need to know of a server. */
const at = ({ url, port }: Parley): Reachable => ({
  url,
  config: { publicUrl: `http://localhost:${port}` },
});

const saying = (conversation: ConversationId, text: string) => ({
  kind: "say",
  conversation,
  content: { type: "text", text },
});

async function startNamed(visitor: Client, name: string): Promise<ConversationId> {
  const conversation = newId<ConversationId>();
  await visitor.command({ kind: "start", conversation, name });
  return conversation;
}

/** The same client, with all it asks and hears written down until it leaves. */
function recordedHand(client: Client, watch: Recorder["watch"]): Client {
  const page = { tab: "by hand", side: "visitor" as const, number: 1 };
  const inner = handWire((event, payload) => client.ask(event, payload));
  const wire = watch.wire(page, inner);
  client.socket.onAny(inner.tell);
  const ask: Client["ask"] = async <T>(event: string, payload: unknown) =>
    (await wire.emitWithAck(event, payload, 0)) as Answer<T>;
  return {
    ...client,
    ask,
    command: (command) => ask<Accepted>("command", { id: newId<CommandId>(), ...command }),
    close() {
      watch.left(page);
      client.close();
    },
  };
}

/** Writes one message after another until the server is gone; answers those it acknowledged. */
async function talkUntilGone(
  parley: Parley,
  name: string,
  watch: Recorder["watch"],
  heard: (count: number) => void,
): Promise<string[]> {
  const visitor = recordedHand(await visitorClient(at(parley)), watch);
  const conversation = await startNamed(visitor, name);
  const gone = new Promise<null>((resolve) =>
    visitor.socket.once("disconnect", () => resolve(null)),
  );
  const acked: string[] = [];
  for (;;) {
    const text = `message ${acked.length}`;
    const sent = visitor.command(saying(conversation, text));
    // Nobody waits for the answer that never comes.
    sent.catch(() => null);
    const answer = await Promise.race([sent, gone]);
    if (!answer) break;
    expect(answer).toMatchObject({ ok: true });
    acked.push(text);
    heard(acked.length);
  }
  visitor.close();
  return acked;
}

/** Keeps everybody else from writing to the log until it is released. */
async function holdLog(databaseUrl: string) {
  const [holder, watcher] = [new pg.Client(databaseUrl), new pg.Client(databaseUrl)];
  await Promise.all([holder.connect(), watcher.connect()]);
  await holder.query("begin");
  await holder.query("lock table event in exclusive mode");
  return {
    isWaitedFor: () =>
      eventually(async () => {
        const waiting = "select 1 from pg_locks where relation = 'event'::regclass and not granted";
        return (await watcher.query(waiting)).rowCount;
      }),
    async release() {
      await holder.query("commit");
      await Promise.all([holder.end(), watcher.end()]);
    },
  };
}

/** A request whose last line is still to come: a server that leaves may not cut it off. */
async function beginRequest(port: number, path: string) {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`);
  return {
    async finish(): Promise<string> {
      socket.write("\r\n");
      return (await socket.toArray()).join("");
    },
  };
}
