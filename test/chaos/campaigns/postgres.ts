import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "#server/demo/random.ts";
import { startPostgres } from "../../support/postgres.ts";
import { removeFolder, runParley } from "../../support/process.ts";
import { startRedis } from "../../support/redis.ts";
import { startBurst } from "../burst.ts";
import { type Outcome, roomForAll, secondsSince, withCleanup } from "./campaign.ts";
import { judged } from "./judged.ts";

export type PostgresOptions = { kills: number; bots: number; messages: number; seed: number };

/**
 * PostgreSQL ends at once under load and comes back a moment later. It runs with fsync
 * off, which is no matter for the death of its processes: only a power cut would ask for it.
 */
export function postgresKill({ kills, bots, messages, seed }: PostgresOptions): Promise<Outcome> {
  return withCleanup(async (later) => {
    const random = seeded(seed);
    const postgres = await startPostgres();
    later(() => postgres.stop());
    const redis = await startRedis();
    later(() => redis.stop());
    const databaseUrl = await postgres.database();
    const parley = await runParley({
      env: {
        ...roomForAll,
        DATABASE_URL: databaseUrl,
        REDIS_URL: redis.url,
        SECRET_KEY: "only for tests, and the same after each start",
      },
    });
    later(() => removeFolder(parley.dataDir));
    later(() => parley.end("SIGKILL"));
    await parley.ready();
    const total = bots * messages;
    const burst = await startBurst({ url: parley.url, bots, messages, everyMs: 100, random });
    later(() => burst.close());
    const began = performance.now();
    let ackedWhileAway = 0;
    const points = Array.from({ length: kills }, () => Math.floor(random() * total * 0.9));
    for (const point of points.sort((a, b) => a - b)) {
      while (burst.acked() < point) await sleep(1);
      await sleep(random() * 20);
      await postgres.kill();
      // What was committed before it died may be answered a moment later.
      await sleep(100);
      const before = burst.acked();
      await sleep(400);
      ackedWhileAway += burst.acked() - before;
      await postgres.start();
    }
    await burst.drained(90_000);
    const took = secondsSince(began);
    const violations = await judged(burst, databaseUrl);
    burst.close();
    await parley.end();
    if (ackedWhileAway > 0) violations.push(`${ackedWhileAway} acknowledged without PostgreSQL`);
    const figures = {
      kills,
      bots,
      acked: burst.acked(),
      recorded: burst.history.records.length,
      repeatedCommands: burst.repeated(),
      seconds: took,
    };
    return { figures, violations };
  });
}
