// `npm run cluster -- 3`: several nodes on one PostgreSQL and one Redis behind a small proxy of ours,
// for trying and testing. Uses DATABASE_URL and REDIS_URL, or starts both in temporary folders.
import { main } from "./main.js";
import { whenOrphaned } from "./orphaned.js";
import { prepare } from "./prepare.js";
import { serve, whenEnding } from "./serve.js";
import { foundTools } from "./tools.js";

await main(async () => {
  const count = Number(process.argv[2] ?? 3);
  if (!Number.isInteger(count) || count < 1 || count > 16) {
    throw new Error("npm run cluster -- <nodes>: a number from 1 to 16");
  }
  await prepare();
  Object.assign(process.env, foundTools());
  const cluster = serve(["test/cluster/main.ts", String(count)]);
  whenEnding((signal) => cluster.child.kill(signal));
  whenOrphaned(() => cluster.child.kill("SIGTERM"));
  process.exitCode = await cluster.ended;
});
