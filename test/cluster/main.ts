import { startPostgres } from "../support/postgres.ts";
import { startRedis } from "../support/redis.ts";
import { startCluster } from "./cluster.ts";

/** `npm run cluster`: for trying several nodes; everything it started itself is gone when it ends. */
const count = Number(process.argv[2]);
const closing: (() => Promise<void>)[] = [];
let ending: Promise<void> | null = null;

function end(): Promise<void> {
  ending ??= (async () => {
    for (const close of closing.reverse()) await close();
    process.exit();
  })();
  return ending;
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
process.on("disconnect", end);

async function databaseUrl(): Promise<string> {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const postgres = await startPostgres();
  closing.push(() => postgres.stop());
  return postgres.database();
}

async function redisUrl(): Promise<string> {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  const redis = await startRedis();
  closing.push(() => redis.stop());
  return redis.url;
}

try {
  const stores = { databaseUrl: await databaseUrl(), redisUrl: await redisUrl() };
  const port = Number(process.env.PORT ?? 3_000);
  const cluster = await startCluster({ nodes: count, port, ...stores });
  closing.push(() => cluster.close());
  const lines = [
    "",
    `${count} nodes of Parley are ready behind one address.`,
    "",
    `  Demo shop with the bubble   ${cluster.url}/shop/`,
    `  Console                     ${cluster.publicUrl}/console`,
    `  PostgreSQL                  ${stores.databaseUrl}`,
    `  Redis                       ${stores.redisUrl}`,
    ...cluster.nodes.map(
      (node, i) => `  Node ${i + 1}, process ${node.child.pid}`.padEnd(30) + node.url,
    ),
    "",
    ...(cluster.signIns.length > 0 ? ["  Sign-ins (shown only this once):"] : []),
    ...cluster.signIns.map(
      ({ email, password, name, role }) =>
        `    ${email.padEnd(20)} ${password.padEnd(22)} ${name}, ${role}`,
    ),
    "",
    "  Kill a node (kill -9 <process>) and go on talking. Ctrl-C ends everything.",
    "",
  ];
  process.stdout.write(lines.join("\n"));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
  await end();
}
