import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../bin/paths.js";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import {
  type Parley,
  type ParleyOptions,
  type Printed,
  removeFolder,
  runParley,
} from "./process.ts";
import { startRedis } from "./redis.ts";
import { embeddedTruth, postgresTruth, type SqlTruth } from "./sqlTruth.ts";

/** A server that is ready, with all that stands behind it. */
export type Stack = {
  readonly parley: Parley;
  readonly printed: Printed;
  /** Null where the database is embedded. */
  readonly databaseUrl: string | null;
  /** Reads SQL past the server; ends an embedded one first, because nobody else may open its database. */
  truth(): Promise<SqlTruth>;
  close(): Promise<void>;
};

export type Stores = { start(options?: ParleyOptions): Promise<Stack>; close(): Promise<void> };

/** Redis and PostgreSQL as programs of their own; each stack gets an empty database and an empty Redis. */
export async function nativeStores(): Promise<Stores> {
  const postgres: PostgresServer = await startPostgres();
  return {
    async start(options = {}) {
      const [databaseUrl, redis] = await Promise.all([postgres.database(), startRedis()]);
      const env = {
        DATABASE_URL: databaseUrl,
        REDIS_URL: redis.url,
        SECRET_KEY: "only for tests, and the same on every node",
        ...options.env,
      };
      const truths: SqlTruth[] = [];
      return await ready(await runParley({ ...options, env }), {
        databaseUrl,
        async truth() {
          const truth = await postgresTruth(databaseUrl);
          truths.push(truth);
          return truth;
        },
        async close() {
          for (const truth of truths) await truth.close();
          await redis.stop();
        },
      });
    },
    close: () => postgres.stop(),
  };
}

/** What someone has who only types `npm start`. */
export const embeddedStores: Stores = {
  async start(options = {}) {
    const parley = await runParley(options);
    let truth: Promise<SqlTruth> | undefined;
    return await ready(parley, {
      databaseUrl: null,
      truth() {
        truth ??= parley.end().then(() => embeddedTruth(parley.dataDir));
        return truth;
      },
      close: async () => (await truth)?.close(),
    });
  },
  close: async () => undefined,
};

async function ready(
  parley: Parley,
  stores: Pick<Stack, "databaseUrl" | "truth" | "close">,
): Promise<Stack> {
  const close = async () => {
    await parley.end();
    await stores.close();
    await removeFolder(parley.dataDir);
  };
  try {
    return { ...stores, parley, printed: await parley.ready(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps what a failed test leaves behind where people and build servers look for it. */
export async function keepArtefact(name: string, content: string | Uint8Array): Promise<void> {
  const folder = join(root, "test-artefacts");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
}
