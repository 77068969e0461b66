import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { between, pick } from "#server/demo/random.ts";
import { type MemoryDesk, memoryDesk } from "#server/memory/desk.ts";
import { type MemoryLedger, memoryLedger } from "#server/memory/ledger.ts";
import type { Desk, Ledger } from "#server/ports.ts";
import { createSessions } from "#server/transport/sessions.ts";
import { startServer, type TestServer } from "../server.ts";
import { truthFromLedger } from "./truth.ts";
import {
  type Floor,
  type HistoryOptions,
  type Recorded,
  type Report,
  recorded,
} from "./withHistory.ts";

/** What a store does to the server instead of what it should. */
export type Stores = { ledger?: (inner: Ledger) => Ledger; desk?: (inner: Desk) => Desk };

export type StormOptions = HistoryOptions & {
  visitors?: number;
  lengthMs?: number;
  stores?: Stores;
};

/** How a test's server is recorded when its stores are read through their ports. */
export const recordedServer = (server: TestServer): Recorded => ({
  urls: [server.url],
  origin: server.config.publicUrl,
  site: "demo-shop",
  truth: truthFromLedger(server.ledger, server.workspace),
});

/**
 * A few seconds in which everything happens at once: more visitors than the agents can take, chats
 * passed on and back, reloads, lost answers, a forgotten tab, a Ledger that is away twice, a Desk that
 * is emptied once. In memory, so that the same seed can be played with a bug and without.
 */
export async function storm(options: StormOptions): Promise<Report> {
  const { visitors = 26, lengthMs = 2_200, stores = {}, seed = 1 } = options;
  const clock = { now: () => Date.now() };
  const ledger = memoryLedger(clock, v7());
  const desk = memoryDesk(clock);
  const server = await startServer(
    { ledger: stores.ledger?.(ledger) ?? ledger, desk: stores.desk?.(desk) ?? desk },
    { env: { EVENTS_PER_SECOND: "5000", SOCKETS_PER_ADDRESS: "1000" } },
  );
  try {
    const truth = truthFromLedger(ledger, server.workspace);
    return await recorded(
      { ...recordedServer(server), truth },
      (floor) => weather(floor, server, { ledger, desk, visitors, lengthMs }),
      {
        speed: 100,
        faults: { losesRequest: 0.02, losesAnswer: 0.04, cuts: 0.02 },
        ...options,
        seed,
        check: { slackMs: 200, ...options.check },
      },
    );
  } finally {
    await server.close();
  }
}

/** Sessions of agents, as signing in would have opened them; without the time a password's hash takes. */
export async function seatsOf(server: TestServer, names: readonly string[]): Promise<string[]> {
  const { ledger, workspace, config } = server;
  const clock = { now: () => Date.now() };
  const sessions = createSessions(workspace, ledger, clock, config.publicUrl.startsWith("https:"));
  const agents = await ledger.agents(workspace);
  return await Promise.all(
    names.map(async (name) => {
      const agent = agents.find((one) => one.name === name);
      if (!agent) throw new Error(`the demo has no agent ${name}`);
      return `${sessions.cookieName}=${(await sessions.open(agent.id)).value}`;
    }),
  );
}

async function weather(
  floor: Floor,
  server: TestServer,
  parts: { ledger: MemoryLedger; desk: MemoryDesk; visitors: number; lengthMs: number },
): Promise<void> {
  const { random } = floor;
  const { ledger, desk, visitors, lengthMs } = parts;
  const queues = await ledger.queues(server.workspace);
  const staffed = queues.filter(({ name }) => name !== "Supervisors").map(({ id }) => id);
  // Anna and Ben; the third seat stays empty, so that a queue builds up.
  const cookies = await seatsOf(server, ["Anna Nowak", "Ben Carter"]);
  for (const cookie of cookies) {
    floor.agent(cookie, { notes: 0.3, transfers: 0.25, transfersTo: () => pick(random, staffed) });
  }
  const stale = floor.staleTab(cookies[1] ?? "", 120);
  for (let i = 0; i < visitors; i++) floor.visitor({ reloads: 0.1 });

  const away = async () => {
    ledger.setAway(true);
    await sleep(between(random, 60, 140));
    ledger.setAway(false);
  };
  const part = lengthMs / 5;
  await sleep(between(random, part, 1.5 * part));
  await away();
  await sleep(between(random, 0.2 * part, 0.6 * part));
  desk.empty();
  // Their consoles say that they are there as soon as they are back.
  floor.cut("agent");
  await sleep(part);
  await away();
  await floor.played(1.5 * part);
  // Once more for everybody, while they write: nothing may be missed on the way back.
  floor.cut("visitor");
  floor.cut("agent");
  await sleep(150);
  await stale.stop();
}
