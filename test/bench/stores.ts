import { randomBytes } from "node:crypto";
import pg from "pg";
import { v7 as uuid } from "uuid";
import { readConfig } from "#server/config.ts";
import type { Ledger } from "#server/ports.ts";
import { openStores } from "#server/setup/stores.ts";
import { secretHash } from "#server/transport/secretHash.ts";
import { createSessions } from "#server/transport/sessions.ts";
import { createTickets } from "#server/transport/tickets.ts";
import { oneChat } from "#shared/model/agent.ts";
import type {
  AgentId,
  ContactId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import { startPostgres } from "../support/postgres.ts";
import { removeFolder, temporaryFolder } from "../support/process.ts";
import { startRedis } from "../support/redis.ts";

/** Stores with one site, agents who are signed in, and visitors the server already knows. */
export type Stores = {
  kind: "native" | "embedded";
  dataDir: string;
  env: Record<string, string>;
  /** Processes beside the server, whose time is counted apart. */
  postgres: number | null;
  redis: number | null;
  site: string;
  agents: readonly { id: AgentId; cookie: string }[];
  /** Tokens of visitors who have been here before. */
  visitors: readonly string[];
  /** Lets new visitors in. */
  ticket(): Promise<string>;
  close(): Promise<void>;
};

export type Size = { visitors: number; agents: number };

/** The server's default install has this one. */
const workspace = "00000000-0000-7000-8000-000000000001" as WorkspaceId;
const secret = "only for benchmarks, and the same on every node";
const site = "bench";
const clock = { now: () => Date.now() };
const next = <T extends string>() => uuid() as T;

/** PostgreSQL syncs every commit to the disk here, as an installation does. */
export async function nativeStores(size: Size): Promise<Stores> {
  const [postgres, redis, dataDir] = await Promise.all([
    startPostgres("fsync=on", `min_wal_size=${walSegments * walSegmentMB}MB`, "max_wal_size=4GB"),
    startRedis(),
    temporaryFolder(),
  ]);
  const url = await postgres.database();
  await layOutWal(url);
  const env = {
    DATABASE_URL: url,
    REDIS_URL: redis.url,
    SECRET_KEY: secret,
  };
  return {
    kind: "native",
    ...(await filled(dataDir, env, size)),
    postgres: postgres.pid,
    redis: redis.process.pid ?? null,
    async close() {
      await Promise.all([postgres.stop(), redis.stop(), removeFolder(dataDir)]);
    },
  };
}

/** More than the longest benchmark writes between two checkpoints. */
const walSegments = 64;
const walSegmentMB = 16;

/**
 * A server that has run for a while writes its log into files it has used before. A new one makes
 * them as it goes, sixteen megabytes of zeros each, and everybody waits meanwhile: that would be
 * measured once a second here, and never again in an installation's life.
 */
async function layOutWal(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  for (let made = 0; made < walSegments; made++) {
    // An empty file isn't left behind: something has to be in it.
    await client.query("select pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()");
  }
  await client.query("checkpoint");
  await client.end();
}

export async function embeddedStores(size: Size): Promise<Stores> {
  const dataDir = await temporaryFolder();
  return {
    kind: "embedded",
    ...(await filled(dataDir, { SECRET_KEY: secret }, size)),
    postgres: null,
    redis: null,
    close: () => removeFolder(dataDir),
  };
}

/** Through the server's own ports, before the server starts: an embedded store has one process at a time. */
async function filled(dataDir: string, env: Record<string, string>, size: Size) {
  const config = readConfig({ ...env, DATA_DIR: dataDir });
  const silent = () => undefined;
  const stores = await openStores(config, { progress: silent, warn: silent });
  try {
    const agents = await seedPeople(stores.ledger, size.agents);
    const visitors = await seedVisitors(stores.ledger, size.visitors);
    const tickets = createTickets(secret);
    const siteId = await onlySite(stores.ledger);
    return { dataDir, env, site, agents, visitors, ticket: () => tickets.issue(siteId) };
  } finally {
    await stores.close();
  }
}

async function seedPeople(ledger: Ledger, count: number): Promise<Stores["agents"]> {
  const queue = next<QueueId>();
  const agents = Array.from({ length: count }, (_, index) => ({
    id: next<AgentId>(),
    email: `agent${index}@bench.test`,
    name: `Agent ${index}`,
    role: index === 0 ? ("owner" as const) : ("agent" as const),
    // Nobody signs in with a password here.
    passwordHash: "",
    capacity: 1_000 * oneChat,
    queues: [queue],
  }));
  await ledger.seed(workspace, {
    at: clock.now(),
    name: "Bench",
    queues: [{ id: queue, name: "Front line", escalatesTo: null, stepSeconds: 60 }],
    sites: [{ id: next<SiteId>(), key: site, name: "Bench", origins: [], accent: null, queue }],
    agents,
    cannedReplies: [],
  });
  const sessions = createSessions(workspace, ledger, clock, false);
  return Promise.all(
    agents.map(async ({ id }) => {
      const { value } = await sessions.open(id);
      return { id, cookie: `${sessions.cookieName}=${value}` };
    }),
  );
}

async function seedVisitors(ledger: Ledger, count: number): Promise<string[]> {
  const siteId = await onlySite(ledger);
  const tokens = Array.from({ length: count }, () => randomBytes(32).toString("base64url"));
  const wide = 200;
  for (let from = 0; from < count; from += wide) {
    await Promise.all(
      tokens.slice(from, from + wide).map((token) =>
        ledger.ensureVisitor(workspace, siteId, secretHash(token), {
          id: next<VisitorId>(),
          contact: next<ContactId>(),
          locale: "en",
          zone: "UTC",
          at: clock.now(),
        }),
      ),
    );
  }
  return tokens;
}

async function onlySite(ledger: Ledger): Promise<SiteId> {
  const [only] = await ledger.sites(workspace);
  if (!only) throw new Error("the site was not seeded");
  return only.id;
}
