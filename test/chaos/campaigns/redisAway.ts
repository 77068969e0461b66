import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "#server/demo/random.ts";
import { startPostgres } from "../../support/postgres.ts";
import { removeFolder, runParley } from "../../support/process.ts";
import { startRedis } from "../../support/redis.ts";
import { startBurst } from "../burst.ts";
import { type Outcome, roomForAll, secondsSince, withCleanup } from "./campaign.ts";
import { judged } from "./judged.ts";

export type RedisAwayOptions = { awaySeconds: number; bots: number; seed: number };

/** Redis is killed and stays away under load, then comes back empty: everything sent is acknowledged throughout. */
export function redisAway({ awaySeconds, bots, seed }: RedisAwayOptions): Promise<Outcome> {
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
    const everyMs = 250;
    const messages = Math.ceil(((awaySeconds + 6) * 1_000) / everyMs);
    const burst = await startBurst({ url: parley.url, bots, messages, everyMs, random });
    later(() => burst.close());
    await sleep(2_000);
    await redis.kill();
    // Each second of the absence has to have its acknowledgements.
    let leastInASecond = Number.POSITIVE_INFINITY;
    const started = burst.acked();
    for (let second = 0; second < awaySeconds; second += 1) {
      const before = burst.acked();
      await sleep(1_000);
      leastInASecond = Math.min(leastInASecond, burst.acked() - before);
    }
    const whileAway = burst.acked() - started;
    const health = await (await fetch(`${parley.url}/health/ready`)).json();
    await redis.restart();
    const back = performance.now();
    let readyAfter = Number.NaN;
    while (Number.isNaN(readyAfter) && performance.now() - back < 30_000) {
      const { status } = (await (await fetch(`${parley.url}/health/ready`)).json()) as {
        status: string;
      };
      if (status === "ready") readyAfter = secondsSince(back);
      await sleep(50);
    }
    await burst.drained(60_000);
    const violations = await judged(burst, databaseUrl);
    burst.close();
    await parley.end();
    if (leastInASecond === 0)
      violations.push("a second without an acknowledgement while Redis was away");
    if (Number.isNaN(readyAfter)) violations.push("not ready again 30 s after Redis was back");
    if ((health as { status: string }).status !== "degraded") {
      violations.push(`called itself ${JSON.stringify(health)} while Redis was away`);
    }
    const figures = {
      awaySeconds,
      bots,
      acked: burst.acked(),
      recorded: burst.history.records.length,
      ackedWhileAway: whileAway,
      leastAckedInASecond: leastInASecond,
      readySecondsAfterReturn: readyAfter,
    };
    return { figures, violations };
  });
}
