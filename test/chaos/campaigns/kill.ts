import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "#server/demo/random.ts";
import { startPostgres } from "../../support/postgres.ts";
import { type Parley, removeFolder, runParley } from "../../support/process.ts";
import { startRedis } from "../../support/redis.ts";
import { startBurst } from "../burst.ts";
import { type Outcome, roomForAll, secondsSince, withCleanup } from "./campaign.ts";
import { judged, judgedEmbedded } from "./judged.ts";

export type KillOptions = {
  stores: "native" | "embedded";
  kills: number;
  bots: number;
  messages: number;
  seed: number;
};

/** kill -9 of the server at random points of a burst; bots' outboxes carry on. */
export function kill({ stores, kills, bots, messages, seed }: KillOptions): Promise<Outcome> {
  return withCleanup(async (later) => {
    const random = seeded(seed);
    const env: Record<string, string> = { ...roomForAll };
    if (stores === "native") {
      const postgres = await startPostgres();
      later(() => postgres.stop());
      const redis = await startRedis();
      later(() => redis.stop());
      env.DATABASE_URL = await postgres.database();
      env.REDIS_URL = redis.url;
      env.SECRET_KEY = "only for tests, and the same after each start";
    }
    let parley: Parley = await runParley({ env });
    const { dataDir, port, url } = parley;
    later(() => removeFolder(dataDir));
    later(() => parley.end("SIGKILL"));
    await parley.ready();

    const total = bots * messages;
    const burst = await startBurst({ url, bots, messages, everyMs: 100, random });
    later(() => burst.close());
    const began = performance.now();
    const points = Array.from({ length: kills }, () => Math.floor(random() * total * 0.95));
    let restartMs = 0;
    for (const point of points.sort((a, b) => a - b)) {
      while (burst.acked() < point) await sleep(1);
      await sleep(random() * 20);
      await parley.end("SIGKILL");
      const died = performance.now();
      parley = await runParley({ env, dataDir, port });
      await parley.ready();
      restartMs += performance.now() - died;
    }
    await burst.drained(60_000);
    const took = secondsSince(began);
    await burst.quiet();
    let violations: string[] = [];
    if (env.DATABASE_URL) violations = await judged(burst, env.DATABASE_URL);
    burst.close();
    await parley.end();
    if (!env.DATABASE_URL) violations = await judgedEmbedded(burst, dataDir);
    const figures = {
      stores,
      kills,
      bots,
      acked: burst.acked(),
      recorded: burst.history.records.length,
      repeatedCommands: burst.repeated(),
      seconds: took,
      meanRestartSeconds: Math.round(restartMs / Math.max(1, kills)) / 1_000,
    };
    return { figures, violations };
  });
}
