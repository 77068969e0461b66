import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { afterEach, expect, it } from "vitest";
import { pick } from "#server/demo/random.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import { recordedServer, seatsOf } from "../support/history/storm.ts";
import { withHistory } from "../support/history/withHistory.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

it("[H3] forty visitors and six consoles over a failing network leave nothing amiss", {
  timeout: 60_000,
}, async () => {
  const clock = { now: () => Date.now() };
  server = await startServer(
    { ledger: memoryLedger(clock, v7()), desk: memoryDesk(clock) },
    { env: { EVENTS_PER_SECOND: "5000", SOCKETS_PER_ADDRESS: "1000" } },
  );
  const queues = await server.ledger.queues(server.workspace);
  const staffed = queues.filter(({ name }) => name !== "Supervisors").map(({ id }) => id);
  // Two tabs each: whoever is second finds the chat passed on, closed or answered already.
  const names = ["Anna Nowak", "Ben Carter", "Iryna Kovalenko"];
  const cookies = await seatsOf(server, [...names, ...names]);

  const { figures } = await withHistory(
    recordedServer(server),
    async (floor) => {
      const transfersTo = () => pick(floor.random, staffed);
      const habits = { notes: 0.2, transfers: 0.15, transfersTo };
      const agents = cookies.map((cookie) => floor.agent(cookie, habits));
      for (let i = 0; i < 40; i++) floor.visitor({ reloads: 0.15 });
      for (const agent of agents) {
        await sleep(400);
        agent.reload();
      }
      await floor.played(2_000);
    },
    {
      seed: 3,
      speed: 80,
      faults: { losesRequest: 0.02, losesAnswer: 0.02, cuts: 0.01 },
      check: { slackMs: 500 },
    },
  );
  console.log("busy floor:", JSON.stringify(figures));
  expect(figures.conversations).toBe(40);
  expect(figures.messages).toBeGreaterThan(150);
  expect(figures.transfers).toBeGreaterThan(3);
  expect(figures.lost).toBeGreaterThan(3);
});
