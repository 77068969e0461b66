import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { v7 as uuid } from "uuid";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { memoryStore } from "#server/demo/memoryStore.ts";
import { nodeWire } from "#server/demo/nodeWire.ts";
import { surroundings } from "#server/demo/surroundings.ts";
import { logMarkIn } from "#server/embedded/logMark.ts";
import { openPglite } from "#server/embedded/pglite/pglite.ts";
import { type MemoryDesk, memoryDesk } from "#server/memory/desk.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { type AgentSession, agentSession } from "#shared/client/agentSession.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import { type VisitorSession, visitorSession } from "#shared/client/visitorSession.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { plainText } from "#shared/model/message.ts";
import { agentNamespace, visitorNamespace } from "#shared/protocol/sockets.ts";
import { eventually, newToken, signIn, ticketFor } from "../support/clients.ts";
import { freePort } from "../support/freePort.ts";
import { startServer, type TestServer } from "../support/server.ts";

const workspace = uuid() as WorkspaceId;
let template: string;
let signIns: TestServer["signIns"];

// Making an embedded database and its people takes seconds, so it is done once and copied.
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), "parley-restore-"));
  const { server, stop } = await running(template, memoryDesk(clock), { marked: false });
  signIns = server.signIns;
  await stop();
});
afterAll(() => rm(template, { recursive: true, force: true }));

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const clock = { now: () => Date.now() };

async function running(
  folder: string,
  desk: MemoryDesk,
  { marked, port }: { marked: boolean; port?: string },
) {
  const driver = await openPglite(join(folder, "data"));
  await migrate(driver);
  const ledger = postgresLedger(driver);
  const keeper = marked ? logMarkIn(join(folder, "data")) : null;
  const server = await startServer(
    { ledger, desk },
    { env: port ? { PORT: port } : {}, world: { workspace, keeper } },
  );
  const stop = async () => {
    await server.close();
    await ledger.close();
  };
  return { server, stop };
}

type House = {
  folder: string;
  start(desk: MemoryDesk): Promise<TestServer>;
  stop(): Promise<void>;
};

/** A server on an embedded database that can be stopped, put back and started under the same address. */
async function house(marked: boolean): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), "parley-restore-"));
  await cp(template, folder, { recursive: true });
  const port = String(await freePort());
  let stop = async () => {};
  closing.push(
    () => rm(folder, { recursive: true, force: true }),
    () => stop(),
  );
  return {
    folder,
    stop: () => stop(),
    async start(desk) {
      const now = await running(folder, desk, { marked, port });
      stop = async () => {
        stop = async () => {};
        await now.stop();
      };
      return { ...now.server, signIns };
    },
  };
}

type People = { visitor: VisitorSession; agent: AgentSession };

async function people(server: TestServer): Promise<People> {
  const [ticket, cookie] = await Promise.all([ticketFor(server), signIn(server)]);
  const auth = { site: "demo-shop", token: newToken(), ticket };
  const world = surroundings(() => randomBytes(4).readUInt32LE() / 2 ** 32, 4);
  const common = { world, locale: "en", zone: "UTC" };
  const visitor = visitorSession({
    ...common,
    wire: nodeWire(server.url, visitorNamespace, { auth: () => auth }),
    store: memoryStore(),
    sender: "visitor",
    tabs: () => ({ tell() {}, close() {} }),
    page: () => server.url,
  });
  const headers = { cookie, origin: server.config.publicUrl };
  const agent = agentSession({
    ...common,
    wire: nodeWire(server.url, agentNamespace, { headers }),
    store: memoryStore(),
  });
  closing.push(
    () => visitor.dispose(),
    () => agent.dispose(),
  );
  return { visitor, agent };
}

const shown = (rows: readonly TimelineRow[]) =>
  rows.flatMap((row) =>
    row.kind === "message" ? [`${row.text} ${row.seq ? "" : row.mark}`.trim()] : [],
  );

async function written(server: TestServer, conversation: ConversationId): Promise<string[]> {
  const log = await server.ledger.events(server.workspace, conversation, "supervisor", 0, 200);
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1));
  return log.flatMap((event) => (event.kind === "message" ? [plainText(event.body)] : []));
}

describe("a database put back from an earlier copy", () => {
  const copies = [
    { what: "its folder alone", from: "data/pglite", marked: true, redisStays: false },
    { what: "the whole data directory", from: "data", marked: true, redisStays: false },
    { what: "under a Redis that stayed", from: "data/pglite", marked: false, redisStays: true },
  ];

  it.each(copies)(
    "[RC18] is noticed, $what: what it lacks is sent again, once, and all see the same",
    async ({ from, marked, redisStays }) => {
      const { folder, start, stop } = await house(marked);
      let desk = memoryDesk(clock);
      const again = () => {
        if (!redisStays) desk = memoryDesk(clock);
        return start(desk);
      };
      const first = await start(desk);
      const { visitor, agent } = await people(first);
      await eventually(async () => (await agent.setStatus("online")).ok);
      visitor.start("Ada", "one");
      const mine = await eventually(() => agent.mine.value.rows[0]?.conversation.id);
      const thread = agent.thread(mine);
      await eventually(() => thread.conversation.value?.status === "assigned");
      thread.say("first answer");
      await eventually(() => shown(visitor.timeline.value).includes("first answer"));
      const epoch = visitor.welcome.value?.logEpoch;

      await stop();
      await cp(join(folder, from), join(folder, "copy"), { recursive: true });
      const second = await again();
      visitor.say("two");
      await eventually(async () => (await written(second, mine)).includes("two"));
      thread.say("second answer");
      visitor.say("three");
      const all = ["first answer", "one", "second answer", "three", "two"];
      await eventually(async () => (await written(second, mine)).length === all.length);
      await eventually(() => shown(visitor.timeline.value).length === all.length);
      // An ordinary restart is no other log.
      expect(visitor.welcome.value?.logEpoch).toBe(epoch);
      await eventually(async () =>
        (await desk.inventory(second.workspace)).placed.some(
          ({ conversation }) => conversation === mine,
        ),
      );

      await stop();
      await rm(join(folder, from), { recursive: true });
      await cp(join(folder, "copy"), join(folder, from), { recursive: true });
      const third = await again();
      await eventually(() => visitor.welcome.value?.logEpoch !== epoch, 20_000);
      await eventually(async () => {
        const now = await written(third, mine);
        expect([...now].sort()).toEqual(all);
        expect(now.indexOf("two")).toBeLessThan(now.indexOf("three"));
        expect(shown(visitor.timeline.value)).toEqual(now);
        expect(shown(thread.timeline.value)).toEqual(now);
        return true;
      }, 20_000);
      const { placed } = await desk.inventory(third.workspace);
      expect(placed.map(({ conversation }) => conversation)).toEqual([mine]);
      const truth = await third.ledger.conversation(third.workspace, mine);
      expect(placed[0]?.seq).toBeLessThanOrEqual(truth?.seq ?? 0);
    },
    90_000,
  );
});
