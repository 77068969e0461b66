import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AgentBot, agentBot } from "#server/demo/agentBot.ts";
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

let server: TestServer;
/** Everything committed, in order, by the visitor's name. */
let logs: Map<string, ConversationEvent[]>;

async function start(): Promise<void> {
  logs = new Map();
  const inner = memoryLedger(clock, v7());
  const ledger: Ledger = {
    ...inner,
    async commit(change) {
      const result = await inner.commit(change);
      const name = change.conversation.name ?? "";
      const log = logs.get(name) ?? [];
      logs.set(name, log);
      if (result.status === "committed") log.push(...change.events);
      return result;
    },
  };
  const env = { EVENTS_PER_SECOND: "5000" };
  server = await startServer({ ledger, desk: memoryDesk(clock) }, { env });
}

const place = () => ({ url: server.url, origin: server.config.publicUrl, site: "demo-shop" });
const logOf = (name: string) => logs.get(name) ?? [];
const kinds = (name: string) => logOf(name).map(({ kind }) => kind);
const written = (log: readonly ConversationEvent[], by: "visitor" | "agent") =>
  log.flatMap((event) => (event.kind === "message" && event.by.kind === by ? event.body.text : []));

function script(mood: Mood, language = "en") {
  const found = scripts.find((one) => one.mood === mood && one.language === language);
  if (!found) throw new Error(`nobody is ${mood} in ${language}`);
  return found;
}

function visitor(name: string, mood: Mood, language = "en") {
  const random = seeded(3);
  return visitorBot({ ...place(), script: script(mood, language), name, random, speed });
}

/** An agent who signed in by HTTP: 1 is Anna, 2 Ben. */
async function agent(who: number) {
  const habits = { transfers: 0, notes: 1 };
  const cookie = await signIn(server, who);
  const bot = agentBot({ ...place(), cookie, random: seeded(4), speed, habits });
  await eventually(async () => {
    const people = await server.ledger.agents(server.workspace);
    return people.find(({ name }) => name === bot.name())?.status === "online";
  });
  return bot;
}

describe("A played visitor whom somebody answers", () => {
  let ben: AgentBot;
  beforeAll(async () => {
    await start();
    ben = await agent(2);
  });
  afterAll(async () => {
    await ben.leave();
    await server.close();
  });

  it.concurrent("[DM5] is answered line by line in their language, and ends the chat", async () => {
    await visitor("Kasia", "calm", "pl").left;
    const { lines } = script("calm", "pl");
    const log = logOf("Kasia");
    expect(written(log, "visitor")).toEqual(lines.map(({ text }) => text));
    expect(written(log, "agent").slice(0, 3)).toEqual(lines.flatMap(({ answers }) => answers));
    expect(kinds("Kasia")).toContain("note");
    expect(kinds("Kasia")).toContain("closed");
  });

  it.concurrent("[DM5] comes back after the chat was closed and goes on in it", async () => {
    await visitor("Леся", "comingBack", "uk").left;
    const log = logOf("Леся");
    const closed = kinds("Леся").indexOf("closed");
    const back = log.findIndex((one) => one.kind === "queued" && one.body.why === "reopened");
    expect(back).toBeGreaterThan(closed);
    expect(new Set(log.map(({ conversation }) => conversation)).size).toBe(1);
    const { lines } = script("comingBack", "uk");
    expect(written(log, "visitor")).toEqual(lines.map(({ text }) => text));
  });

  it.concurrent("[DM5] asking for a manager is passed on with a note", async () => {
    const asking = visitor("Priya", "manager");
    const passedOn = await eventually(() =>
      logOf("Priya").find((one) => one.kind === "queued" && one.body.why === "transfer"),
    );
    expect(logOf("Priya").find(({ cause }) => cause === passedOn.cause)).toMatchObject({
      kind: "note",
      body: { about: "transfer" },
    });
    asking.leave();
    await asking.left;
  });
});

describe("A played visitor whom nobody answers", () => {
  beforeAll(start);
  afterAll(() => server.close());

  it.concurrent("[DM5] says one thing and nothing more when silent", async () => {
    await visitor("Noah", "silent").left;
    expect(written(logOf("Noah"), "visitor")).toEqual(["hi"]);
    expect(kinds("Noah")).not.toContain("closed");
  });

  it.concurrent("[DM5] asks once more, then gives up", async () => {
    await visitor("Grace", "calm").left;
    expect(written(logOf("Grace"), "visitor")).toHaveLength(3);
    expect(kinds("Grace").at(-1)).toBe("closed");
  });
});

describe("A crowd", () => {
  beforeAll(start);
  afterAll(() => server.close());

  it("[DM6] keeps coming, is answered by the seats it was lent, and goes home when told", async () => {
    const seats = [{ name: "Anna Nowak", cookie: await signIn(server, 1) }];
    const people = crowd({ ...place(), seats, perMinute: 1_200, random: seeded(2), speed });
    const all = () => [...logs.values()].flat();
    await eventually(() => written(all(), "agent").length > 5 && people.state().arrived > 5);
    expect(people.state()).toMatchObject({ agents: 1 });
    expect(people.state().messages).toBeGreaterThan(10);
    for (const one of all()) {
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
  beforeAll(start);
  afterAll(() => server.close());

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
