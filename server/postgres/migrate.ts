import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { type Driver, SqlError, uniqueViolation } from "./driver.ts";

type Migration = { name: string; sql: string; checksum: string };

const folder = new URL("./migrations/", import.meta.url);
const oldestServer = 150_000;
/** Any constant serves, as long as every Parley node uses the same one. */
const migrationLock = 7_204_110_923;
const growing = ["conversation", "event", "command", "visitor", "cursor", "slot", "due", "record"];

/**
 * Brings the database to this version's schema: forward only, each file in its own transaction and
 * exactly once, also when several nodes start together. A file that was changed after it had been
 * applied is refused. Files this version doesn't know are left alone: a newer node may be running.
 */
export async function migrate(driver: Driver): Promise<void> {
  await refuseOldServer(driver);
  await driver.script(`
    select pg_advisory_xact_lock(${migrationLock});
    create table if not exists migration (
      name text primary key,
      checksum text not null,
      at timestamptz not null default now()
    );
  `);
  for (const migration of await migrations()) {
    if (!(await isApplied(driver, migration))) await apply(driver, migration);
  }
  if (!driver.autovacuum) {
    await driver.query(`vacuum (analyze) ${growing.join(", ")}`);
  }
  await knowThePlace(driver);
  // Planned now rather than while the first visitor waits: on PGlite that takes a third of a second.
  await driver.query("select * from commit_batch($1::jsonb)", ["[]"]);
}

async function refuseOldServer(driver: Driver): Promise<void> {
  const [server] = await driver.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as version`,
  );
  if (server && server.number < oldestServer) {
    throw new Error(`Parley needs PostgreSQL 15 or newer; the server is ${server.version}`);
  }
}

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function isApplied(driver: Driver, { name, checksum }: Migration): Promise<boolean> {
  const [applied] = await driver.query<{ checksum: string }>(
    "select checksum from migration where name = $1",
    [name],
  );
  if (applied && applied.checksum !== checksum) {
    throw new Error(`Migration ${name} is not the file this database was migrated with`);
  }
  return applied !== undefined;
}

/** The row comes first: when another node was faster it fails, and takes the rest of the script with it. */
async function apply(driver: Driver, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await driver.script(`
      select pg_advisory_xact_lock(${migrationLock});
      insert into migration (name, checksum) values ('${name}', '${checksum}');
      ${sql}
    `);
  } catch (error) {
    const lostTheRace = error instanceof SqlError && error.code === uniqueViolation;
    if (!lostTheRace || !(await isApplied(driver, { name, sql, checksum }))) throw error;
  }
}

/**
 * A database found in another place than last time (restored into another cluster, copied under
 * another name, promoted after a failover) is another log: clients must not trust what they
 * remember of it, so it gets a new epoch (decision 4).
 */
async function knowThePlace(driver: Driver): Promise<void> {
  await driver.query(`
    with here as (
      select concat_ws('/', s.system_identifier, d.oid, c.timeline_id) as place
      from pg_control_system() s, pg_control_checkpoint() c, pg_database d
      where d.datname = current_database()
    )
    insert into log_meta (log_epoch, place)
    select gen_random_uuid(), place from here
    on conflict (only_row) do update
    set log_epoch = excluded.log_epoch, place = excluded.place
    where log_meta.place <> excluded.place
  `);
}
