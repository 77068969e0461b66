import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort } from "./freePort.ts";

/** A real PostgreSQL of a test's own, in a temporary folder, on a port of its own. */
export type PostgresServer = {
  readonly port: number;
  /** The postmaster's, whose children serve the connections. */
  readonly pid: number;
  /** Makes an empty database and answers its URL. */
  database(): Promise<string>;
  /** Writes a backup of a database, as an operator would, and answers how to put it back in place. */
  backup(url: string): Promise<() => Promise<void>>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and data. */
  start(): Promise<void>;
  stop(): Promise<void>;
};

const run = promisify(execFile);
const user = "parley";

type Owner = { uid: number; gid: number } | null;

/** Starts a cluster of its own. Tests care for answers, not for power cuts, so nothing is synced. */
export async function startPostgres(...settings: string[]): Promise<PostgresServer> {
  const bin = postgresBin();
  const owner = await ownerOfData();
  const folder = await mkdtemp(join(tmpdir(), "parley-postgres-"));
  if (owner) await chown(folder, owner.uid, owner.gid);
  const data = join(folder, "data");
  await run(
    join(bin, "initdb"),
    ["-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...owner, cwd: folder },
  );
  const port = await freePort();
  const launch = () => launchServer(bin, { data, folder, port, owner, settings });
  let running = await launch();
  const killOnExit = () => running.kill("SIGQUIT");
  process.on("exit", killOnExit);

  const end = async (signal: NodeJS.Signals) => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill(signal);
    await exited;
  };
  let databases = 0;
  let backups = 0;
  return {
    port,
    get pid() {
      return running.pid ?? 0;
    },
    async database() {
      databases += 1;
      const name = `test_${databases}`;
      const client = new pg.Client(urlOf(port, "postgres"));
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return urlOf(port, name);
    },
    async backup(url) {
      backups += 1;
      const file = join(folder, `backup_${backups}`);
      const as = { ...owner, cwd: folder };
      await run(join(bin, "pg_dump"), ["-Fc", "-f", file, url], as);
      return async () => {
        await run(join(bin, "pg_restore"), ["--clean", "--if-exists", "-d", url, file], as);
      };
    },
    kill: () => end("SIGQUIT"),
    async start() {
      running = await launch();
    },
    async stop() {
      process.off("exit", killOnExit);
      await end("SIGQUIT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const urlOf = (port: number, database: string) =>
  `postgresql://${user}@127.0.0.1:${port}/${database}`;

function postgresBin(): string {
  const named = process.env.POSTGRES_BIN ?? "/usr/lib/postgresql/15/bin";
  if (existsSync(join(named, "initdb"))) return named;
  throw new Error(
    `These tests need a real PostgreSQL: no initdb in ${named}. ` +
      "Install one (apt-get install postgresql) or name its folder of programs in POSTGRES_BIN.",
  );
}

/** PostgreSQL refuses to run as root; there it gets the user its package made. */
async function ownerOfData(): Promise<Owner> {
  if (process.getuid?.() !== 0) return null;
  const line = /^postgres:[^:]*:(\d+):(\d+):/m.exec(await readFile("/etc/passwd", "utf8"));
  if (!line) {
    throw new Error("PostgreSQL won't run as root, and this machine has no user named postgres.");
  }
  return { uid: Number(line[1]), gid: Number(line[2]) };
}

type Launch = { data: string; folder: string; port: number; owner: Owner; settings: string[] };

async function launchServer(
  bin: string,
  { data, folder, port, owner, settings }: Launch,
): Promise<ChildProcess> {
  const given = ["fsync=off", "max_connections=60", "listen_addresses=127.0.0.1", ...settings];
  const child = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), "-k", folder, ...given.flatMap((one) => ["-c", one])],
    { ...owner, cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes("database system is ready to accept connections")) resolve();
    };
    child.stderr?.on("data", hear);
    child.stdout?.on("data", hear);
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`PostgreSQL did not start: ${said}`)));
  });
  // From here on its log is nobody's business, but its pipe must not fill up.
  child.stderr?.removeAllListeners("data").resume();
  child.stdout?.removeAllListeners("data").resume();
  return child;
}
