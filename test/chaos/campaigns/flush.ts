import { randomBytes } from "node:crypto";
import { createClient } from "redis";
import { seeded } from "#server/demo/random.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import { redisDesk } from "#server/redis/desk.ts";
import { secretHash } from "#server/transport/secretHash.ts";
import type { AgentId } from "#shared/model/ids.ts";
import { agentNamespace } from "#shared/protocol/sockets.ts";
import { World } from "../../contract/ledgerWorld.ts";
import { connect, eventually } from "../../support/clients.ts";
import { startPostgres } from "../../support/postgres.ts";
import { startRedis } from "../../support/redis.ts";
import { startServer } from "../../support/server.ts";
import { type Outcome, secondsSince, withCleanup } from "./campaign.ts";

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
      const client = await connect(server, agentNamespace, {
        extraHeaders: { cookie: `parley_session=${session}`, origin: server.config.publicUrl },
      });
      later(() => client.close());
      await client.command({ kind: "presence", status: "online" });
    }
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
    const figures = {
      how,
      waiting,
      agents,
      openChats: agents,
      readySeconds: rebuilt,
      sameSeconds: same,
    };
    return { figures, violations };
  });
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
