import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pick } from "#server/demo/random.ts";
import { openPglite } from "#server/embedded/pglite/pglite.ts";
import { openValkey } from "#server/embedded/valkey/valkey.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { redisDesk } from "#server/redis/desk.ts";
import { recordedServer, seatsOf } from "../support/history/storm.ts";
import { truthFromSql } from "../support/history/truth.ts";
import { withHistory } from "../support/history/withHistory.ts";
import { startServer } from "../support/server.ts";

it("[H3] a busy floor on the embedded stores leaves nothing amiss, by SQL itself", {
  timeout: 90_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-history-"));
  const driver = await openPglite(folder);
  const valkey = await openValkey({
    onExit: (error) => {
      throw error;
    },
  });
  const desk = await redisDesk(valkey.url, { onError: () => undefined });
  const ledger = postgresLedger(driver);
  try {
    await migrate(driver);
    const server = await startServer(
      { ledger, desk },
      { env: { EVENTS_PER_SECOND: "5000", SOCKETS_PER_ADDRESS: "1000" } },
    );
    try {
      const queues = await ledger.queues(server.workspace);
      const staffed = queues.filter(({ name }) => name !== "Supervisors").map(({ id }) => id);
      const names = ["Anna Nowak", "Ben Carter", "Iryna Kovalenko"];
      const cookies = await seatsOf(server, names);
      const { figures } = await withHistory(
        { ...recordedServer(server), truth: truthFromSql(driver, server.workspace) },
        async (floor) => {
          const transfersTo = () => pick(floor.random, staffed);
          for (const cookie of cookies) {
            floor.agent(cookie, { notes: 0.2, transfers: 0.15, transfersTo });
          }
          for (let i = 0; i < 10; i++) floor.visitor({ reloads: 0.1 });
          await floor.played(6_000);
        },
        {
          seed: 7,
          speed: 50,
          faults: { losesRequest: 0.02, losesAnswer: 0.02, cuts: 0.01 },
          check: { slackMs: 1_500 },
          settlingMs: 6_000,
        },
      );
      console.log("embedded floor:", JSON.stringify(figures));
      expect(figures.conversations).toBe(10);
      expect(figures.messages).toBeGreaterThan(15);
    } finally {
      await server.close();
    }
  } finally {
    await desk.close();
    await valkey.close();
    await ledger.close();
    await rm(folder, { recursive: true, force: true });
  }
});
