import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, readConfig } from "./config.ts";
import { DataDirLocked, lockDataDir } from "./embedded/lock.ts";

/** `npm run reset`: empties the embedded database, so that the next start makes a fresh demo. */
async function reset(): Promise<void> {
  const config = readConfig(process.env);
  if (config.databaseUrl) {
    throw new ConfigError(
      "DATABASE_URL: is set, and a real database is never emptied from here; drop it with PostgreSQL's own tools",
    );
  }
  const lock = lockDataDir(config.dataDir);
  try {
    await rm(join(config.dataDir, "pglite"), { recursive: true, force: true });
  } finally {
    lock.release();
  }
  process.stdout.write(
    `Emptied ${config.dataDir}. The next start makes a fresh demo and shows new passwords.\n`,
  );
}

reset().catch((error) => {
  const known = error instanceof ConfigError || error instanceof DataDirLocked;
  console.error(known ? error.message : error);
  process.exit(1);
});
