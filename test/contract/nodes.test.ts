import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createClient } from "redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { World } from "#server/app.ts";
import { type Desk, DeskUnavailable, type Ledger, LedgerUnavailable } from "#server/ports.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import { redisDesk } from "#server/redis/desk.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Head, ListPatch, ListWindow } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../support/clients.ts";
import { type Cutter, startCutter } from "../support/cutter.ts";
import { type PostgresServer, startPostgres } from "../support/postgres.ts";
import { type RedisServer, startRedis } from "../support/redis.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { assigned } from "../transport/support/reading.ts";

/** A node of its own connections, which can be cut off from everything at once, as when it dies. */
type Node = TestServer & { sever(): void };

let postgres: PostgresServer;
let redis: RedisServer;
let database: string;
const nodes: Node[] = [];
const closing: (() => Promise<unknown>)[] = [];
const open: Client[] = [];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
});
afterAll(() => Promise.all([postgres.stop(), redis.stop()]));
beforeEach(async () => {
  database = await postgres.database();
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  for (const node of nodes.splice(0)) await node.close();
  for (const close of closing.splice(0)) await close();
});

async function startNode(world: Partial<World> = {}, redisUrl: string = redis.url): Promise<Node> {
  const driver = openPool(database);
  const ledger = postgresLedger(driver);
  await migrate(driver);
  const desk = await redisDesk(redisUrl, { onError: () => undefined });
  closing.push(
    () => ledger.close(),
    () => desk.close(),
  );
  let severed = false;
  const first = nodes[0];
  const server = await startServer(
    {
      ledger: unless(() => severed, ledger, new LedgerUnavailable("severed")),
      desk: unless(() => severed, desk, new DeskUnavailable("severed")),
    },
    { world: first ? { ...world, workspace: first.workspace } : world },
  );
  const node = {
    ...server,
    signIns: first?.signIns ?? server.signIns,
    sever() {
      severed = true;
    },
  };
  nodes.push(node);
  return node;
}

/** The same port, failing from a moment on. */
function unless<Port extends Ledger | Desk>(gone: () => boolean, port: Port, failure: Error): Port {
  const calls = Object.entries(port).map(([name, call]) => [
    name,
    async (...args: unknown[]) => {
      if (gone()) throw failure;
      return (call as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  // Tells at once, not by promise.
  return { ...Object.fromEntries(calls), ...("onReturn" in port && { onReturn: port.onReturn }) };
}

async function newVisitor(node: Node, token?: string) {
  const visitor = await visitorClient(node, token ? { token } : {});
  open.push(visitor);
  return visitor;
}
async function newAgent(node: Node, who = 1, status = "online") {
  const agent = await agentClient(node, who);
  open.push(agent);
  await agent.command({ kind: "presence", status });
  return agent;
}
const say = (conversation: ConversationId, text: string, more: object = {}) => ({
  kind: "say",
  conversation,
  content: { type: "text", text },
  ...more,
});
const heard = (client: Client, text: string) =>
  eventually(() => client.events.some(({ body }) => JSON.stringify(body).includes(text)));

describe("a visitor on one node and an agent on another", () => {
  it("[RC8] talk as on one: messages, typing, receipts, lists, places in the queue, presence", async () => {
    const [a, b] = [await startNode(), await startNode()];
    const visitor = await newVisitor(a);
    expect(visitor.welcome.staffed).toBe(false);
    const staffed: boolean[] = [];
    visitor.socket.on("staffed", (told: { staffed: boolean }) => staffed.push(told.staffed));
    const agent = await newAgent(b);
    await eventually(() => staffed.at(-1) === true);
    const patches: ListPatch[] = [];
    agent.socket.on("patch", (patch: ListPatch) => patches.push(patch));
    expect(await agent.ask<ListWindow>("list", { list: "mine" })).toMatchObject({ rows: [] });

    const conversation = await startChat(visitor);
    const { fence } = await assigned(visitor, conversation);
    await eventually(() =>
      patches.some(({ upsert }) => upsert[0]?.conversation.id === conversation),
    );
    await agent.ask("join", { conversation });

    await visitor.command(say(conversation, "From A"));
    await heard(agent, "From A");
    await agent.command(say(conversation, "From B", { fence }));
    await heard(visitor, "From B");

    const typing: unknown[] = [];
    visitor.socket.on("typing", (told) => typing.push(told));
    await eventually(() => {
      agent.socket.emit("typing", { conversation, on: true });
      return typing.length > 0;
    });
    expect(typing[0]).toEqual({ conversation, by: "agent", on: true });

    const heads: Head[] = [];
    agent.socket.on("heads", (told: { heads: Head[] }) => heads.push(...told.heads));
    const head = visitor.events.at(-1)?.seq ?? 0;
    await visitor.ask("receipts", { conversation, delivered: head, read: head });
    await eventually(() => heads.some(({ cursors }) => cursors.visitor.read === head));

    // Four are one agent's; the next two wait, each told its place wherever it sits.
    const places = new Map<Client, number | null>();
    for (let i = 0; i < 5; i += 1) {
      const more = await newVisitor(i % 2 ? a : b);
      more.socket.on("position", ({ position }: { position: number | null }) =>
        places.set(more, position),
      );
      await startChat(more);
    }
    await eventually(() => {
      const told = [...places.values()].filter((place) => place !== null);
      return told.sort().join() === "1,2";
    });

    agent.close();
    await eventually(() => staffed.at(-1) === false);
  });

  it("[RC8] one visitor's commands sent to both nodes at once are taken once, in one order", async () => {
    const [a, b] = [await startNode(), await startNode()];
    const here = await newVisitor(a);
    const there = await newVisitor(b, here.token);
    const conversation = await startChat(here);
    await there.ask("join", { conversation });
    const commands = Array.from({ length: 30 }, (_, i) => ({
      id: newId(),
      ...say(conversation, `message ${i}`),
    }));
    const answers = await Promise.all(
      commands.map(async (command) => [
        await here.ask<{ seq: number }>("command", command),
        await there.ask<{ seq: number }>("command", command),
      ]),
    );
    for (const [one, two] of answers) {
      if (!one?.ok || !two?.ok) throw new Error(`refused: ${JSON.stringify([one, two])}`);
      expect(one.seq).toBe(two.seq);
    }
    const log = await a.ledger.events(a.workspace, conversation, "supervisor", 0, 200);
    expect(log.filter(({ kind }) => kind === "message")).toHaveLength(31);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
  });
});

describe("a node that dies without a word", () => {
  it("[RC9] is followed as router within seconds, and its chats stay with their agents", async () => {
    const a = await startNode();
    const agent = await newAgent(a);
    const visitor = await newVisitor(a);
    const first = await startChat(visitor);
    await assigned(visitor, first);
    const [b, c] = [await startNode(), await startNode()];
    const lease = `router:${a.workspace}`;
    expect(await b.ledger.takeLease(lease, "somebody", 1)).toBeNull();

    a.sever();
    const died = Date.now();
    agent.close();
    const back = await newAgent(b);
    const another = await newVisitor(c);
    const second = await startChat(another);
    await eventually(async () => {
      const now = await b.ledger.conversation(b.workspace, second);
      return now?.status === "assigned";
    }, 25_000);
    const tookMs = Date.now() - died;
    console.log(`another node routed ${(tookMs / 1_000).toFixed(1)} s after the router died`);
    expect(tookMs).toBeLessThan(15_000);
    expect(await b.ledger.conversation(b.workspace, first)).toMatchObject({
      status: "assigned",
      agent: back.welcome.me.id,
      leg: 1,
    });
  });
});

describe("a node that is cut off from Redis alone", () => {
  const pace = {
    absentees: { grace: 1_500, every: 100 },
    nodes: { every: 200, length: 2_000 },
    reconciler: { every: 300, secondLookAfter: 100 },
  };

  /** The way of the first node to Redis, and what half a minute of silence does to the leases there. */
  async function cutOffAlone(): Promise<{
    cutter: Cutter;
    a: Node;
    b: Node;
    forgotten(): Promise<void>;
  }> {
    const cutter = await startCutter(Number(new URL(redis.url).port));
    closing.push(() => cutter.close());
    const a = await startNode({ pace }, `redis://127.0.0.1:${cutter.port}`);
    const b = await startNode({ pace });
    const direct = createClient({ url: redis.url });
    await direct.connect();
    closing.push(() => direct.close());
    const forgotten = async () => {
      await direct.del([`{${a.workspace}}:live:agent`, `{${a.workspace}}:seen:agent`]);
    };
    return { cutter, a, b, forgotten };
  }
  const holder = async (node: Node, conversation: ConversationId) => {
    const now = await node.ledger.conversation(node.workspace, conversation);
    return now?.status === "assigned" ? { agent: now.agent, leg: now.leg } : now?.status;
  };

  it("[RC20] keeps its agents' chats, however long, and for a whole grace after it is back or dead", async () => {
    const { cutter, a, b, forgotten } = await cutOffAlone();
    const agent = await newAgent(a);
    const visitor = await newVisitor(b);
    const conversation = await startChat(visitor);
    await assigned(visitor, conversation);
    const held = { agent: agent.welcome.me.id, leg: 1 };
    cutter.block();
    await eventually(async () => (await b.ledger.nodes(b.workspace)).some(({ cutOff }) => cutOff));
    await forgotten();
    await sleep(4_000);
    expect(await holder(b, conversation)).toEqual(held);
    // The one who is cut off writes all the same.
    const { fence } = (await b.ledger.conversation(b.workspace, conversation)) ?? {};
    expect(await agent.command(say(conversation, "Still here", { fence }))).toMatchObject({
      ok: true,
    });
    cutter.unblock();
    await eventually(async () =>
      (await b.ledger.nodes(b.workspace)).every(({ cutOff }) => !cutOff),
    );
    await sleep(2_500);
    expect(await holder(b, conversation)).toEqual(held);

    cutter.block();
    await eventually(async () => (await b.ledger.nodes(b.workspace)).some(({ cutOff }) => cutOff));
    a.sever();
    await forgotten();
    const died = Date.now();
    await eventually(async () => (await holder(b, conversation)) === "queued", 15_000);
    expect(Date.now() - died).toBeGreaterThan(1_500 + 1_500);
  });

  it("[RC17] leaves routing and recovery to those who reach it", async () => {
    const { cutter, a, b } = await cutOffAlone();
    const agent = await newAgent(b);
    await eventually(
      async () => (await b.ledger.takeLease(`router:${a.workspace}`, "x", 1)) === null,
    );
    cutter.block();
    const visitor = await newVisitor(b);
    const began = Date.now();
    const conversation = await startChat(visitor);
    await eventually(async () => typeof (await holder(b, conversation)) === "object");
    expect(await holder(b, conversation)).toMatchObject({ agent: agent.welcome.me.id });
    expect(Date.now() - began).toBeLessThan(5_000);
    const looks = b.app.reconciled().looks;
    await eventually(() => b.app.reconciled().looks > looks + 2);
  });
});

describe("a console session", () => {
  it("[B46] that ended or whose agent was disabled is cut off though no node heard of it", async () => {
    const a = await startNode({ pace: { sessions: 300 } });
    const b = await startNode({ pace: { sessions: 300 } });
    const [anna, ben, iryna] = [await newAgent(b, 1), await newAgent(b, 2), await newAgent(a, 3)];
    const sql = new pg.Client(database);
    await sql.connect();
    closing.push(() => sql.end());
    // Past every node, as when what one of them published was lost.
    await sql.query("delete from session where agent = $1", [anna.welcome.me.id]);
    await sql.query("update agent set disabled = true where id = $1", [ben.welcome.me.id]);
    await eventually(() => !anna.socket.connected && !ben.socket.connected, 3_000);
    const back = await new Promise<{ data?: unknown }>((resolve) => {
      anna.socket.once("connect_error", resolve);
      anna.socket.connect();
    });
    expect(back.data).toMatchObject({ code: "unauthenticated", retry: false });
    // The first cut of a kind is logged at once, the rest are counted.
    expect(b.log.some((line) => line.includes("signed out"))).toBe(true);
    expect(iryna.socket.connected).toBe(true);
  });
});
