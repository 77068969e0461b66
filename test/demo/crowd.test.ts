import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentBot } from "#server/demo/agentBot.ts";
import { crowd } from "#server/demo/crowd.ts";
import { seeded } from "#server/demo/random.ts";
import { type Mood, scripts } from "#server/demo/scripts.ts";
import { visitorBot } from "#server/demo/visitorBot.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import type { Ledger } from "#server/ports.ts";
import { lendSeats, type SeatsLent } from "#server/setup/demoSeats.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import { eventually, signIn } from "../support/clients.ts";
import { startServer, type TestServer } from "../support/server.ts";

const clock = { now: () => Date.now() };
const speed = 300;

/** Everything committed, in order. */
let log: ConversationEvent[];
let server: TestServer;

beforeEach(async () => {
  log = [];
  const inner = memoryLedger(clock, v7());
  const ledger: Ledger = {
    ...inner,
    async commit(change) {
      const result = await inner.commit(change);
      if (result.status === "committed") log.push(...change.events);
      return result;
    },
  };
  const env = { EVENTS_PER_SECOND: "5000" };
  server = await startServer({ ledger, desk: memoryDesk(clock) }, { env });
});
afterEach(() => server.close());

const place = () => ({ url: server.url, origin: server.config.publicUrl, site: "demo-shop" });
const kinds = () => log.map(({ kind }) => kind);
const written = (by: "visitor" | "agent") =>
  log.flatMap((event) => (event.kind === "message" && event.by.kind === by ? event.body.text : []));

function script(mood: Mood, language = "en") {
  const found = scripts.find((one) => one.mood === mood && one.language === language);
  if (!found) throw new Error(`nobody is ${mood} in ${language}`);
  return found;
}

/** Somebody of this mood, all by themselves. */
function visitor(mood: Mood, language = "en") {
  const random = seeded(3);
  const part = script(mood, language);
  return visitorBot({ ...place(), script: part, name: "Vera (demo)", random, speed });
}

/** An agent who signed in by HTTP: 1 is Anna, 2 Ben. */
async function agent(who = 1) {
  const habits = { transfers: 0, notes: 1 };
  const cookie = await signIn(server, who);
  const bot = agentBot({ ...place(), cookie, random: seeded(4), speed, habits });
  await eventually(async () => {
    const people = await server.ledger.agents(server.workspace);
    return people.find(({ name }) => name === bot.name())?.status === "online";
  });
  return bot;
}

describe("A played visitor", () => {
  it("[DM5] is answered line by line in their language, and ends the chat", async () => {
    const bot = await agent();
    await visitor("calm", "pl").left;
    const { lines } = script("calm", "pl");
    expect(written("visitor")).toEqual(lines.map(({ text }) => text));
    expect(written("agent").slice(0, 3)).toEqual(lines.flatMap(({ answers }) => answers));
    expect(kinds()).toContain("note");
    expect(log.findLast(({ kind }) => kind === "closed")?.by.kind).toBeTypeOf("string");
    await bot.leave();
  });

  it("[DM5] comes back after the chat was closed and goes on in it", async () => {
    const bot = await agent();
    await visitor("comingBack", "uk").left;
    const closed = kinds().indexOf("closed");
    const back = log.findIndex((one) => one.kind === "queued" && one.body.why === "reopened");
    expect(back).toBeGreaterThan(closed);
    expect(new Set(log.map(({ conversation }) => conversation)).size).toBe(1);
    expect(written("visitor")).toEqual(script("comingBack", "uk").lines.map(({ text }) => text));
    await bot.leave();
  });

  it("[DM5] says one thing and nothing more when silent", async () => {
    await visitor("silent").left;
    expect(written("visitor")).toEqual(["hi"]);
    expect(kinds()).not.toContain("closed");
  });

  it("[DM5] asks once more when nobody answers, then gives up", async () => {
    await visitor("calm").left;
    expect(written("visitor")).toHaveLength(3);
    expect(kinds().at(-1)).toBe("closed");
  });

  it("[DM5] asking for a manager is passed on with a note", async () => {
    const bot = await agent(2);
    const asking = visitor("manager");
    const passedOn = await eventually(() =>
      log.find((one) => one.kind === "queued" && one.body.why === "transfer"),
    );
    expect(log.find(({ cause }) => cause === passedOn.cause)).toMatchObject({
      kind: "note",
      body: { about: "transfer" },
    });
    asking.leave();
    await asking.left;
    await bot.leave();
  });
});

describe("A crowd", () => {
  it("[DM6] keeps coming, is answered by the seats it was lent, and goes home when told", async () => {
    const seats = [{ name: "Anna Nowak", cookie: await signIn(server, 1) }];
    const people = crowd({ ...place(), seats, perMinute: 1_200, random: seeded(2), speed });
    await eventually(() => written("agent").length > 5 && people.state().arrived > 5);
    expect(people.state()).toMatchObject({ agents: 1 });
    expect(people.state().messages).toBeGreaterThan(10);
    for (const one of log) {
      if (one.kind === "started") expect(one.body.name).toMatch(/ \((demo|демо)\)$/);
    }
    await people.stop();
    const { arrived } = people.state();
    expect(people.state()).toMatchObject({ waiting: 0, talking: 0, away: 0 });
    const anna = (await server.ledger.agents(server.workspace)).find(
      ({ name }) => name === "Anna Nowak",
    );
    expect(anna?.status).toBe("away");
    await sleep(150);
    expect(people.state().arrived).toBe(arrived);
  });

  it("[DM6] lets nobody else in when it is full", async () => {
    const more = { seats: [], perMinute: 60_000, most: 3 };
    const people = crowd({ ...place(), ...more, random: seeded(2), speed: 1 });
    await sleep(200);
    expect(people.state().arrived).toBe(3);
    await people.stop();
  });
});

describe("The demo's seats", () => {
  /** Asks as the demo's parent process does. */
  async function ask(message: unknown, shopSite: string | null): Promise<SeatsLent[]> {
    const answers: SeatsLent[] = [];
    const channel = Object.assign(new EventEmitter(), {
      send: (answer: SeatsLent) => answers.push(answer) > 0,
    });
    const { config, workspace, ledger } = server;
    const failed = (error: unknown) => expect.fail(String(error));
    const parts = { config, workspace, ledger, clock, shopSite, failed };
    lendSeats(channel as unknown as NodeJS.Process, parts);
    channel.emit("message", message);
    await sleep(20);
    return answers;
  }

  it("[DM7] are sessions of the demo's agents, made when asked for", async () => {
    const [lent] = await ask({ parley: "seats wanted", agents: 2 }, "demo-shop");
    expect(lent).toMatchObject({ site: "demo-shop", origin: server.config.publicUrl });
    expect(lent?.seats.map(({ name }) => name)).toEqual(["Anna Nowak", "Ben Carter"]);
    for (const { name, cookie } of lent?.seats ?? []) {
      const response = await fetch(`${lent?.url}/api/session`, { headers: { cookie } });
      expect(await response.json()).toMatchObject({ agent: { name, role: "agent" } });
    }
  });

  it("[DM7] are lent to nobody who asks for something else, nor where there is no demo shop", async () => {
    expect(await ask({ seats: 3 }, "demo-shop")).toEqual([]);
    expect(await ask(null, "demo-shop")).toEqual([]);
    const [none] = await ask({ parley: "seats wanted", agents: 3 }, null);
    expect(none).toMatchObject({ site: null, seats: [] });
  });
});
