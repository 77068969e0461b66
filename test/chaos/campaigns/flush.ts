import { randomBytes } from "node:crypto";
import { createClient } from "redis";
import { memoryStore } from "#server/demo/memoryStore.ts";
import { nodeWire } from "#server/demo/nodeWire.ts";
import { type Random, seeded } from "#server/demo/random.ts";
import { surroundings } from "#server/demo/surroundings.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import { redisDesk } from "#server/redis/desk.ts";
import { secretHash } from "#server/transport/secretHash.ts";
import { type AgentSession, agentSession, type Thread } from "#shared/client/agentSession.ts";
import type { AgentId } from "#shared/model/ids.ts";
import { agentNamespace } from "#shared/protocol/sockets.ts";
import { World } from "../../contract/ledgerWorld.ts";
import { eventually } from "../../support/clients.ts";
import { type Recorder, recorder } from "../../support/history/record.ts";
import { startPostgres } from "../../support/postgres.ts";
import { startRedis } from "../../support/redis.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { type Outcome, secondsSince, withCleanup } from "./campaign.ts";
import { violationsIn } from "./judged.ts";

export type FlushOptions = {
  waiting: number;
  agents: number;
  how: "flushall" | "restart";
  seed: number;
};

/** Redis loses everything while chats wait and agents hold: all of it stands again as it stood (faults F4, F5). */
export function flush({ waiting, agents, how, seed }: FlushOptions): Promise<Outcome> {
  return withCleanup(async (later) => {
    const random = seeded(seed);
    const postgres = await startPostgres();
    later(() => postgres.stop());
    const redis = await startRedis();
    later(() => redis.stop());
    const driver = openPool(await postgres.database());
    const ledger = postgresLedger(driver);
    later(() => ledger.close());
    await migrate(driver);
    const world = new Crowd(ledger, agents);
    world.now = Date.now() - 3_600_000;
    await ledger.seed(world.workspace, world.seed());
    for (let made = 0; made < agents + waiting; made += 100) {
      const some = Math.min(100, agents + waiting - made);
      await Promise.all(
        Array.from({ length: some }, () => {
          const priority = [0, 20, 50, 80][Math.floor(random() * 4)] ?? 20;
          const queuedAt = world.now + Math.floor(random() * 3_000_000);
          return world.waiting({ priority, queuedAt, queue: world.sales });
        }),
      );
    }

    const desk = await redisDesk(redis.url, { onError: () => undefined });
    later(() => desk.close());
    const server = await startServer({ ledger, desk }, { world: { workspace: world.workspace } });
    later(() => server.close());
    const { history, watch } = recorder();
    const consoles: Console[] = [];
    for (const agent of world.people) {
      const session = randomBytes(32).toString("base64url");
      const at = Date.now();
      const expiresAt = at + 3_600_000;
      await ledger.createSession(world.workspace, {
        hash: secretHash(session),
        agent,
        at,
        expiresAt,
      });
      const cookie = `parley_session=${session}`;
      consoles.push(await seated(server, { cookie, random, watch, tab: agent }));
    }
    later(() => {
      for (const { session } of consoles) session.dispose();
    });
    const everyone = waiting + 1;
    const floor = () => desk.floor(world.workspace, everyone);
    await eventually(async () => {
      const { waiting: left, live } = await floor();
      return left.length === waiting && live.size === agents;
    }, 60_000);
    await server.app.settle();

    const picture = async () => {
      const { waiting: order, used, live } = await floor();
      const people = await ledger.agents(world.workspace);
      const held = await ledger.mine(world.workspace, world.people, 10);
      return {
        order: order.map(({ conversation, score }) => `${conversation} ${score}`),
        used: [...used].sort(),
        live: [...live].sort(),
        people: people.map(({ id, status, used: load, lastAssignedAt }) =>
          [id, status, load, lastAssignedAt].join(" "),
        ),
        held: [...held].map(([agent, { rows }]) =>
          [
            agent,
            ...rows.map(({ conversation }) => `${conversation.id} ${conversation.seq}`),
          ].join(),
        ),
      };
    };
    await everybodySays(consoles, "Hello");
    const before = JSON.stringify(await picture());
    const lost = performance.now();
    if (how === "flushall") {
      const direct = createClient({ url: redis.url });
      await direct.connect();
      await direct.flushAll();
      direct.destroy();
    } else await redis.restart();
    let rebuilt = Number.NaN;
    const violations: string[] = [];
    await eventually(async () => {
      const { state } = await floor();
      if (state !== "ready") return false;
      rebuilt = Number.isNaN(rebuilt) ? secondsSince(lost) : rebuilt;
      return JSON.stringify(await picture()) === before;
    }, 30_000).catch(async () => {
      const now = await picture();
      const was = JSON.parse(before) as typeof now;
      for (const key of Object.keys(was) as (keyof typeof was)[]) {
        if (JSON.stringify(was[key]) !== JSON.stringify(now[key])) violations.push(`${key} differ`);
      }
    });
    const same = secondsSince(lost);
    // What they hold is still theirs: it takes their words.
    await everybodySays(consoles, "Still here");
    const { workspace } = world;
    // The chats were opened past the server, by nobody who was recorded.
    violations.push(...(await violationsIn(history, driver, { complete: false, workspace })));
    const figures = {
      how,
      waiting,
      agents,
      openChats: agents,
      recorded: history.records.length,
      readySeconds: rebuilt,
      sameSeconds: same,
    };
    return { figures, violations };
  });
}

type Console = { session: AgentSession; thread: Thread };

/** An agent who comes online, gets a chat and opens it. */
async function seated(
  server: TestServer,
  options: { cookie: string; random: Random; watch: Recorder["watch"]; tab: string },
): Promise<Console> {
  const { cookie, random, watch, tab } = options;
  const page = { tab, side: "agent" as const, number: 1 };
  const headers = { cookie, origin: server.config.publicUrl };
  const session = agentSession({
    wire: watch.wire(page, nodeWire(server.url, agentNamespace, { headers })),
    world: surroundings(random, 1),
    store: watch.store(page, memoryStore()),
    ...{ locale: "en", zone: "UTC" },
  });
  await eventually(() => session.connection.value === "online");
  await session.setStatus("online");
  const row = await eventually(() => session.mine.value.rows[0]);
  const thread = session.thread(row.conversation.id);
  watch.shown(page, thread);
  await eventually(() => thread.ready.value);
  return { session, thread };
}

/** Resolves when it is acknowledged to all of them. */
async function everybodySays(consoles: readonly Console[], text: string): Promise<void> {
  for (const { thread } of consoles) thread.say(text);
  await eventually(() =>
    consoles.every(({ thread }) =>
      thread.timeline.value.some(
        (row) => row.kind === "message" && row.text === text && row.seq !== null,
      ),
    ),
  );
}

/** A workspace with as many agents as wanted, each for one chat. */
class Crowd extends World {
  readonly people: AgentId[] = [];

  constructor(ledger: ConstructorParameters<typeof World>[0], agents: number) {
    super(ledger);
    for (let i = 0; i < agents; i += 1) {
      this.people.push(`00000000-0000-7000-9000-${String(i).padStart(12, "0")}` as AgentId);
    }
  }

  override seed() {
    const usual = super.seed();
    const agents = this.people.map((id, i) => ({
      id,
      email: `agent${i}@example.com`,
      name: `Agent ${i}`,
      role: "agent" as const,
      passwordHash: "scrypt$nobody",
      capacity: 100,
      queues: [this.sales],
    }));
    return { ...usual, agents };
  }
}
