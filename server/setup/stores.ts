import type { Config } from "../config.ts";
import { lockDataDir } from "../embedded/lock.ts";
import { logMarkIn } from "../embedded/logMark.ts";
import { openPglite } from "../embedded/pglite/pglite.ts";
import { openValkey } from "../embedded/valkey/valkey.ts";
import { type Desk, type Ledger, LedgerUnavailable, type LogMarkKeeper } from "../ports.ts";
import { postgresLedger } from "../postgres/ledger.ts";
import { migrate } from "../postgres/migrate.ts";
import { openPool } from "../postgres/pool.ts";
import { redisDesk } from "../redis/desk.ts";

export type Stores = {
  ledger: Ledger;
  desk: Desk;
  /** Of the embedded database, else null. */
  keeper: LogMarkKeeper | null;
  close(): Promise<void>;
};

/** A store that can't be used at the start; `message` is one sentence. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

type Told = { progress(line: string): void; warn(line: string): void };
type Closing = (() => Promise<void> | void)[];

/**
 * Opens PostgreSQL or the embedded PGlite, Redis or the embedded Valkey. The data directory is locked
 * only when something is embedded in it (decision 20). Each failure is one clear sentence.
 */
export async function openStores(config: Config, told: Told): Promise<Stores> {
  const closing: Closing = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    if (!config.databaseUrl || !config.redisUrl) {
      const lock = lockDataDir(config.dataDir);
      closing.push(() => lock.release());
    }
    const opening = [openLedger(config, told, closing), openDesk(config, told, closing)] as const;
    // When one fails, the other is opened to its end, so that it can be closed.
    await Promise.allSettled(opening);
    const [ledger, desk] = await Promise.all(opening);
    const keeper = config.databaseUrl ? null : logMarkIn(config.dataDir);
    return { ledger, desk, keeper, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openLedger(config: Config, told: Told, closing: Closing): Promise<Ledger> {
  const { databaseUrl, dataDir } = config;
  const driver = databaseUrl
    ? openPool(databaseUrl)
    : await openPglite(dataDir, { progress: told.progress });
  const ledger = postgresLedger(driver);
  closing.push(() => ledger.close());
  try {
    await migrate(driver);
  } catch (error) {
    if (!databaseUrl || !(error instanceof LedgerUnavailable)) throw error;
    const { host, pathname } = new URL(databaseUrl);
    throw new StoreError(
      `PostgreSQL at ${host}${pathname} (DATABASE_URL) can't be reached: ${error.message}`,
      { cause: error },
    );
  }
  return ledger;
}

async function openDesk(config: Config, told: Told, closing: Closing): Promise<Desk> {
  const url = config.redisUrl ?? (await openEmbedded(told, closing));
  const desk = await redisDesk(url, {
    onError: (error) => told.warn(`Redis: ${error.message}`),
  }).catch((error: Error) => {
    throw config.redisUrl ? new StoreError(`REDIS_URL: ${error.message}`, { cause: error }) : error;
  });
  closing.push(() => desk.close());
  return desk;
}

async function openEmbedded({ warn }: Told, closing: Closing): Promise<string> {
  const valkey = await openValkey({
    onExit: (error) => warn(`the embedded Valkey ended and is started again: ${error.message}`),
    onWarning: (line) => warn(`Valkey: ${line}`),
  });
  closing.push(() => valkey.close());
  return valkey.url;
}
