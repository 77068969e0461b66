import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { lockDataDir } from "../embedded/lock.ts";
import { openPglite } from "../embedded/pglite/pglite.ts";
import { openValkey } from "../embedded/valkey/valkey.ts";
import type { Desk, Ledger } from "../ports.ts";
import { postgresLedger } from "../postgres/ledger.ts";
import { openPool } from "../postgres/pool.ts";
import { redisDesk } from "../redis/desk.ts";

export type Stores = { ledger: Ledger; desk: Desk; close(): Promise<void> };

/**
 * Opens PostgreSQL or the embedded PGlite, Redis or the embedded Valkey. The data directory is locked
 * only when something is embedded in it (house decision 20). Each failure is one clear sentence.
 */
export async function openStores(
  config: Config,
  progress: (line: string) => void,
): Promise<Stores> {
  const closing: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    if (!config.databaseUrl || !config.redisUrl) {
      await mkdir(config.dataDir, { recursive: true });
      const lock = lockDataDir(config.dataDir);
      closing.push(() => lock.release());
    }
    const [ledger, desk] = await Promise.all([
      openLedger(config, progress, closing),
      openDesk(config, closing),
    ]);
    return { ledger, desk, close };
  } catch (error) {
    await close();
    throw error;
  }
}
