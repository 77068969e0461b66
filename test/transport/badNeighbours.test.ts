import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { v7 } from "uuid";
import { afterEach, describe, expect, it } from "vitest";
import { memoryStore } from "#server/demo/memoryStore.ts";
import { surroundings } from "#server/demo/surroundings.ts";
import { socketWire } from "#shared/client/socketWire.ts";
import { visitorSession } from "#shared/client/visitorSession.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { days } from "#shared/model/time.ts";
import { visitorNamespace } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  eventually,
  newId,
  newToken,
  startChat,
  ticketFor,
  visitorClient,
} from "../support/clients.ts";
import { startCutter } from "../support/cutter.ts";
import { refusals } from "../support/refusals.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { handshake, type RawSocket, rawIn, rawSocket } from "./support/rawSocket.ts";
import { assigned, wholeLog } from "./support/reading.ts";

let server: MemoryServer;
afterEach(() => server.close());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const text = (words: string) => ({ type: "text", text: words });

/** A message each way, both read by the other, again and again; how long each time, the shortest first. */
async function talk(others: Bystanders, goOn: (rounds: number) => boolean): Promise<number[]> {
  const took: number[] = [];
  do {
    const began = performance.now();
    await others.stillTalk();
    took.push(performance.now() - began);
    await pause(20);
  } while (goOn(took.length));
  return took.sort((a, b) => a - b);
}

const median = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? 0;

/**
 * Bystanders talk in peace first and then all through the trouble, in which all they say is
 * acknowledged and read. What they would call slow is told by the peace, on a busy machine too.
 */
async function unnoticed(others: Bystanders, trouble: () => Promise<unknown>): Promise<void> {
  const peace = await talk(others, (rounds) => rounds < 10);
  let over = false;
  const talking = talk(others, () => !over);
  await trouble();
  over = true;
  expect(median(await talking)).toBeLessThan(1_000 + 50 * median(peace));
}

/** Lines of a kind are written at most once an interval, however long all this takes here. */
const fewLines = (lines: readonly string[], since: number, kinds: number) => {
  const intervals = (performance.now() - since) / 1_000 + 2;
  expect(lines.length).toBeLessThanOrEqual(kinds * intervals);
};

describe("others don't notice", () => {
  it("[B25] a thousand events a second from one socket, again and again, which are counted in a few lines", async () => {
    server = await memoryServer({}, { pace: { tally: 1_000 } });
    const others = await bystanders(server);
    const visitor = await visitorClient(server);
    const conversation = await startChat(visitor);
    let asked = 0;
    let told = 0;
    const began = performance.now();
    await unnoticed(others, async () => {
      while (asked <= 1_000 || told <= 200) {
        const auth = { site: "demo-shop", token: visitor.token };
        const raw = await rawIn(server, visitorNamespace, { auth });
        for (let sent = 0; sent < 1_000 && !raw.isClosed(); sent += 20) {
          for (let i = 0; i < 20; i++) {
            asked += 1;
            raw.send(`42/visitor,${asked}["leave",{"conversation":"${conversation}"}]`);
          }
          await pause(20);
        }
        told += raw.frames.filter((frame) => frame.includes('"retryAfterMs"')).length;
        raw.close();
      }
    });
    // What was acknowledged before is still there, and the visitor's own other socket too.
    expect(
      await visitor.command({ kind: "say", conversation, content: text("me again") }),
    ).toMatchObject({ ok: true });
    expect(
      (await wholeLog(visitor, conversation)).filter(({ kind }) => kind === "message"),
    ).toHaveLength(2);
    visitor.close();
    others.close();
    await eventually(() => refusals(server.log, "rate") >= told);
    const lines = server.log.filter((line) => /event refused|connection cut/.test(line));
    expect(lines.join("")).toContain('"why":"flood"');
    fewLines(lines, began, 3);
  });

  it("[B26] five hundred sockets from one address", async () => {
    server = await memoryServer({ TRUST_PROXY: "1" }, { pace: { tally: 1_000 } });
    const others = await bystanders(server);
    const headers = { "x-forwarded-for": "198.51.100.7" };
    const open: RawSocket[] = [];
    let refused = 0;
    const began = performance.now();
    await unnoticed(others, () =>
      Promise.all(
        Array.from({ length: 500 }, () =>
          rawSocket(server, headers).then(
            (raw) => open.push(raw),
            () => {
              refused += 1;
            },
          ),
        ),
      ),
    );
    expect([open.length, refused]).toEqual([200, 300]);
    const elsewhere = await rawSocket(server, { "x-forwarded-for": "198.51.100.8" });
    elsewhere.close();
    for (const raw of open) raw.close();
    await Promise.all(open.map(({ closed }) => closed));
    await eventually(async () => {
      const again = await rawSocket(server, headers).catch(() => null);
      again?.close();
      return again;
    });
    await eventually(() => refusals(server.log, "too many connections") >= 300);
    const lines = server.log.filter((line) => line.includes("handshake refused"));
    fewLines(lines, began, 2);
    others.close();
  });

  it("[B27] clients that come and go every half second, and leave nothing behind", async () => {
    server = await memoryServer({}, { pace: { tally: 1_000 } });
    const others = await bystanders(server);
    setFlagsFromString("--expose_gc");
    const collect = runInNewContext("gc") as () => void;
    const ticket = await ticketFor(server);
    const tokens = Array.from({ length: 30 }, newToken);
    const chats = new Map<string, ConversationId>();
    const acked: string[] = [];
    const round = () =>
      Promise.all(
        tokens.map(async (token) => {
          const client = await visitorClient(server, { token, ticket });
          const conversation = chats.get(token) ?? (await startChat(client));
          chats.set(token, conversation);
          await client.ask("join", { conversation });
          const id = newId();
          const answer = await client.command({
            kind: "say",
            id,
            conversation,
            content: text("hi"),
          });
          if (answer.ok) acked.push(id);
          // Some go in the middle of what they ask.
          void client.ask("sync", { conversation, since: 0 }).catch(() => undefined);
          client.socket.io.engine.close();
        }),
      );
    const handles = () => process.getActiveResourcesInfo().length;
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const rounds = async (count: number) => {
      for (let i = 0; i < count; i++) await Promise.all([round(), pause(500)]);
      await pause(200);
    };
    await rounds(2);
    const before = { handles: handles(), heap: heap() };
    await unnoticed(others, () => rounds(6));
    await eventually(() => handles() <= before.handles + 5);
    // What 180 more messages are themselves is far below this.
    expect(heap() - before.heap).toBeLessThan(12_000_000);
    const reader = await agentClient(server, 2);
    const kept = new Set<string>();
    for (const conversation of chats.values()) {
      for (const { cause } of await wholeLog(reader, conversation)) if (cause) kept.add(cause);
    }
    expect(acked.filter((id) => !kept.has(id))).toEqual([]);
    expect(acked.length).toBeGreaterThan(200);
    reader.close();
    others.close();
  });

  it("[B28] clients whose network swallows everything, or who answer nothing: they are let go, and lose nothing acknowledged", {
    timeout: 90_000,
  }, async () => {
    server = await memoryServer({}, { pace: { tally: 1_000 } });
    const others = await bystanders(server);
    const cutter = await startCutter(server.config.port);
    const through = { url: `http://127.0.0.1:${cutter.port}`, config: server.config };
    const visitor = await visitorClient(through);
    const conversation = await startChat(visitor, "acknowledged");
    const mute = await visitorClient(through);
    await startChat(mute);
    cutter.swallow();
    const lost = { kind: "say", id: newId(), conversation, content: text("into the void") };
    const unanswered = visitor.command(lost).catch(() => null);
    await unnoticed(others, () => eventually(() => cutter.open() === 0, 60_000));
    expect(await unanswered).toBeNull();
    const again = await visitorClient(server, { token: visitor.token });
    expect(await again.command(lost)).toMatchObject({ ok: true, repeat: false });
    const log = await wholeLog(again, conversation);
    const said = log.flatMap(({ kind, body }) =>
      kind === "message" ? [(body as { text: string }).text] : [],
    );
    expect(said).toEqual(["acknowledged", "into the void"]);
    for (const client of [visitor, mute, again]) client.close();
    await cutter.close();
    others.close();
  });

  it.each([
    ["ahead", 365],
    ["behind", -365],
  ])("[B29] a visitor whose clock is a year %s, who chats like everybody", async (_, off) => {
    server = await memoryServer();
    const others = await bystanders(server);
    const token = newToken();
    const ticket = await ticketFor(server);
    const now = () => Date.now() + days(off);
    const session = visitorSession({
      wire: socketWire(server.url, visitorNamespace, () => ({ site: "demo-shop", token, ticket })),
      world: { ...surroundings(Math.random, 1), now, id: () => v7({ msecs: now() }) },
      store: memoryStore(),
      sender: "somebody in another time",
      tabs: () => ({ tell() {}, close() {} }),
      locale: "en",
      zone: "UTC",
      page: () => "https://shop.example/",
    });
    await eventually(() => session.connection.value === "online");
    session.start("Kim", "What year is it?");
    const id = await eventually(() => session.conversation.value?.id);
    const { fence } = await assigned(others.agent, id);
    await others.agent.ask("join", { conversation: id });
    await others.agent.command({
      kind: "say",
      conversation: id,
      fence,
      content: text("This one."),
    });
    await eventually(() => session.unread.value === 1);
    session.say("Thank you.");
    const said = await eventually(async () => {
      const log = await wholeLog(others.agent, id);
      const messages = log.filter(({ kind }) => kind === "message");
      return messages.length === 3 ? messages : null;
    });
    const times = said.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const at of times) expect(Math.abs(at - Date.now())).toBeLessThan(days(1));
    await eventually(
      () => session.timeline.value.filter((row) => row.kind === "message").length >= 3,
    );
    await others.stillTalk();
    session.end();
    await eventually(() => session.conversation.value?.status === "closed");
    session.dispose();
    others.close();
  });
});

/** The process stands still: nothing of it runs. */
function stand(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("a process that stood still", () => {
  it("[P29] tells everybody at once where their logs end, and forwards no typing while it is late", async () => {
    server = await memoryServer();
    const others = await bystanders(server);
    await others.stillTalk();
    let heads = 0;
    let typed = 0;
    others.visitor.socket.on("heads", () => {
      heads += 1;
    });
    others.agent.socket.on("typing", () => {
      typed += 1;
    });
    await pause(300);
    heads = 0;
    others.visitor.socket.emit("typing", { conversation: others.conversation, on: true });
    const acked = others.visitor.command({
      kind: "say",
      conversation: others.conversation,
      content: text("said just before"),
    });
    stand(2_500);
    // Without a reason they are told every 15 s, and this server began a few seconds ago.
    await eventually(() => heads > 0, 8_000);
    expect(await acked).toMatchObject({ ok: true });
    expect(typed).toBe(0);
    await others.stillTalk();
    await eventually(() => {
      others.visitor.socket.emit("typing", { conversation: others.conversation, on: true });
      return typed > 0;
    });
    others.close();
  });
});

describe("what a proxy says", () => {
  it("[B48] about host and scheme is not believed, however many are trusted", async () => {
    server = await memoryServer({ TRUST_PROXY: "1" });
    const forwarded = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };
    const page = await fetch(`${server.url}/console/inbox?a=1`, {
      headers: forwarded,
      redirect: "manual",
    });
    expect(page.headers.get("location")).toBe(`${server.config.publicUrl}/console/inbox?a=1`);
    expect(await handshake(server, { ...forwarded, origin: "https://evil.example" })).toBe(403);
    expect(await handshake(server, { ...forwarded, origin: server.config.publicUrl })).toBe(101);
    const frame = await fetch(`${server.url}/frame/demo-shop`, { headers: forwarded });
    expect(JSON.stringify([...frame.headers]) + (await frame.text())).not.toContain("evil");
  });
});
