import { afterEach, describe, expect, it } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Answer, Page, Polled, VisitorWelcome } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  newToken,
  ticketFor,
  visitorClient,
} from "../support/clients.ts";
import { type PollClient, pollClient } from "../support/pollClient.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { newest } from "./support/reading.ts";

let server: MemoryServer;
let other: TestServer | null = null;
afterEach(async () => {
  await other?.close();
  other = null;
  await server.close();
});

const hello = { protocol: { min: 1, max: 1 }, logEpoch: null, locale: "pl", zone: "Europe/Warsaw" };
const text = (words: string) => ({ type: "text", text: words });
const words = ({ events }: { events: { kind: string; body: unknown }[] }) =>
  events.flatMap(({ kind, body }) => (kind === "message" ? [(body as { text: string }).text] : []));

/** A conversation begun over plain HTTP, followed and caught up. */
async function chat(visitor: PollClient, first = "Hello"): Promise<ConversationId> {
  const conversation = newId<ConversationId>();
  expect(await visitor.command({ kind: "start", conversation, name: "Kim" })).toMatchObject({
    ok: true,
  });
  await visitor.command({ kind: "say", conversation, content: text(first) });
  expect(await visitor.ask("join", { conversation })).toMatchObject({ ok: true });
  await visitor.poll(conversation);
  return conversation;
}

async function online(who = 1): Promise<Client> {
  const agent = await agentClient(server, who);
  await agent.command({ kind: "presence", status: "online" });
  return agent;
}

const polledUntil = async (
  visitor: PollClient,
  conversation: ConversationId,
  done: () => unknown,
) => {
  while (!done()) {
    const answer = await visitor.poll(conversation);
    if (!answer.ok) throw new Error(`refused: ${answer.refusal.code}`);
  }
};

describe("a visitor over plain HTTP", () => {
  it("[LP1] asks, is acknowledged, and is told at once what a socket would be told", async () => {
    server = await memoryServer();
    const visitor = await pollClient(server);
    const welcome = await visitor.ask<VisitorWelcome>("hello", hello);
    expect(welcome).toMatchObject({ ok: true, protocol: 1, conversation: null, staffed: false });
    const agent = await online();
    const conversation = await chat(visitor);
    const { fence } = await newest(agent, conversation, "assigned");
    await agent.ask("join", { conversation });
    const say = (words: string) =>
      agent.command({ kind: "say", conversation, fence, content: text(words) });
    await polledUntil(visitor, conversation, () =>
      visitor.events.some(({ kind }) => kind === "assigned"),
    );

    // What waited for the end of a poll would outlast this test.
    const polled = polledUntil(visitor, conversation, () => words(visitor).includes("Let me look"));
    await agent.command({ kind: "note", conversation, text: "secret among colleagues" });
    // Typing may be lost, on a process that is late for one.
    await eventually(() => {
      agent.socket.emit("typing", { conversation, on: true });
      return visitor.signals.some(([name]) => name === "typing");
    });
    await say("Let me look");
    await polled;
    expect(words(visitor)).toEqual(["Hello", "Let me look"]);

    const last = visitor.events.at(-1)?.seq ?? 0;
    const typed: unknown[] = [];
    agent.socket.on("typing", (signal) => typed.push(signal));
    await eventually(async () => {
      expect((await visitor.post("typing", { conversation, on: true })).status).toBe(204);
      return typed.length > 0;
    });
    expect(typed[0]).toEqual({ conversation, by: "visitor", on: true });
    const read = new Promise((resolve) => agent.socket.once("heads", resolve));
    expect(await visitor.ask("receipts", { conversation, delivered: last, read: last })).toEqual({
      ok: true,
    });
    await read;
    const page = await visitor.ask<Page>("sync", { conversation, since: 0 });
    expect(page.ok && page.events).toEqual(visitor.events);
    expect(visitor.events.map(({ prev }) => prev)).toEqual([
      0,
      ...visitor.events.slice(0, -1).map(({ seq }) => seq),
    ]);
    expect(JSON.stringify(visitor.signals)).not.toContain("secret among colleagues");
    expect(visitor.events[0]?.body).toMatchObject({ locale: "en", zone: "Europe/Warsaw" });
    await visitor.command({ kind: "end", conversation });
    await polledUntil(visitor, conversation, () => visitor.events.at(-1)?.kind === "closed");
    agent.close();
  });

  it("[LP2] is told their place in the queue, and who comes and goes, only when it changes", async () => {
    server = await memoryServer();
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    expect(visitor.signals).toContainEqual(["staffed", { staffed: false }]);
    visitor.signals.length = 0;
    const polled = visitor.poll(conversation);
    const agent = await online();
    await polled;
    await polledUntil(visitor, conversation, () =>
      visitor.signals.some(([name, message]) => name === "staffed" && message.staffed),
    );
    agent.close();
  });

  it("[LP3] may ask any node with what they have, and misses nothing", async () => {
    server = await memoryServer();
    other = await startServer(server, { world: { workspace: server.workspace } });
    const agent = await online();
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    const { fence } = await newest(agent, conversation, "assigned");
    for (let i = 1; i <= 10; i++) {
      const polled = visitor.poll(conversation, i % 2 ? other : server);
      await agent.command({ kind: "say", conversation, fence, content: text(`Answer ${i}`) });
      await polled;
    }
    await polledUntil(visitor, conversation, () => words(visitor).length >= 11);
    expect(words(visitor)).toEqual([
      "Hello",
      ...Array.from({ length: 10 }, (_, i) => `Answer ${i + 1}`),
    ]);
    agent.close();
  });

  it("[LP4] needs their token in Authorization, and a ticket the first time", async () => {
    server = await memoryServer();
    const unknown = await pollClient(server, { ticket: "none" });
    expect((await unknown.post("hello", hello)).status).toBe(401);
    expect(await unknown.ask("hello", hello)).toEqual({
      ok: false,
      refusal: { code: "unauthenticated", retry: false, path: "ticket" },
    });
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    const again = await pollClient(server, { token: visitor.token, ticket: "none" });
    expect(await again.ask("join", { conversation })).toMatchObject({ ok: true });
    const address = `${server.url}/api/visitor/poll?site=demo-shop`;
    for (const headers of [
      {},
      { cookie: `token=${visitor.token}` },
      { authorization: `Basic ${visitor.token}` },
      { authorization: `Bearer ${visitor.token}`, cookie: "a=b" },
      { authorization: `Bearer ${visitor.token}`, origin: "https://evil.example" },
    ]) {
      const { status } = await fetch(`${address}&token=${visitor.token}`, { headers });
      expect([401, 403]).toContain(status);
    }
    const elsewhere = await fetch(address.replace("demo-shop", "nowhere"), {
      headers: { authorization: `Bearer ${visitor.token}` },
    });
    expect(elsewhere.status).toBe(404);
    const stranger = await pollClient(server);
    expect(await stranger.poll(conversation)).toMatchObject({ refusal: { code: "not_found" } });
    expect(await stranger.ask("sync", { conversation, since: 0 })).toMatchObject({
      refusal: { code: "not_found" },
    });
  });

  it("[LP5] is refused what a socket is refused, in the same words", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "10" });
    const others = await bystanders(server);
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    const refused = async (answer: Promise<Answer<object>>) => {
      const got = await answer;
      return got.ok ? null : got.refusal;
    };
    const say = (content: unknown) => visitor.command({ kind: "say", conversation, content });
    expect(await refused(say(text("")))).toEqual({
      code: "invalid",
      retry: false,
      path: "content.text",
    });
    const form = { headers: { "content-type": "text/plain" } };
    expect((await visitor.post("command", {}, form)).status).toBe(403);
    expect((await visitor.post("command", {}, { body: "{" })).status).toBe(400);
    expect((await visitor.post("command", text("x".repeat(70_000)))).status).toBe(413);
    expect(await refused(visitor.ask("nonsense", {}))).toMatchObject({ path: "event" });
    expect(await refused(visitor.ask("constructor", {}))).toMatchObject({ path: "event" });
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => visitor.ask("leave", { conversation })),
    );
    const wait = answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal]));
    expect(wait.length).toBeGreaterThan(15);
    for (const refusal of wait) {
      expect(refusal).toEqual({ code: "rate", retry: true, retryAfterMs: expect.any(Number) });
    }
    await others.stillTalk();
    others.close();
  });

  it("[LP6] counts towards what one address may have open", async () => {
    server = await memoryServer({ SOCKETS_PER_ADDRESS: "4" });
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    const headers = { authorization: `Bearer ${visitor.token}` };
    const gone = new AbortController();
    const address = `${server.url}/api/visitor/poll?site=demo-shop`;
    const seen = await visitor.poll();
    const poll = `${address}&seen=${seen.ok ? seen.seen : ""}`;
    const waiting = Array.from({ length: 4 }, () => fetch(poll, { headers, signal: gone.signal }));
    const full = await eventually(async () => {
      const answer = await fetch(poll, { headers, signal: AbortSignal.timeout(300) });
      return answer.status === 429 && ((await answer.json()) as Answer<Polled>);
    });
    expect(full).toEqual({
      ok: false,
      refusal: { code: "rate", retry: true, retryAfterMs: expect.any(Number) },
    });
    gone.abort();
    await Promise.allSettled(waiting);
    await eventually(async () => (await visitor.ask("leave", { conversation })).ok);
  });

  it("[LP7] who guesses tokens is told to wait, and sees the same for every wrong one", async () => {
    server = await memoryServer();
    const tries = await Promise.all(
      Array.from({ length: 230 }, async () => {
        const headers = { authorization: `Bearer ${newToken()}` };
        const answer = await fetch(`${server.url}/api/visitor/poll?site=demo-shop`, { headers });
        return [answer.status, ((await answer.json()) as { refusal: { code: string } }).refusal];
      }),
    );
    const statuses = new Set(tries.map(([status]) => status));
    expect(statuses).toEqual(new Set([401, 429]));
    for (const [status, refusal] of tries) {
      if (status === 429)
        expect(refusal).toMatchObject({ code: "rate", retryAfterMs: expect.any(Number) });
    }
    // A burst finds the limit as well as one after the other would.
    expect(tries.filter(([status]) => status === 401)).toHaveLength(200);
  });

  it("[LP7] but not who was let in before, whatever their neighbours guess", async () => {
    server = await memoryServer({ SOCKETS_PER_ADDRESS: "10" });
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    const late = await pollClient(server);
    for (let i = 0; i < 12; i++)
      await (await pollClient(server, { ticket: "none" })).ask("hello", {});
    expect(await late.ask("hello", hello)).toMatchObject({ refusal: { code: "rate" } });
    expect(await visitor.command({ kind: "end", conversation })).toMatchObject({ ok: true });
  });

  it("[LP10] new visitors from one address are counted, on sockets too, whatever tickets they bring", async () => {
    server = await memoryServer({ SOCKETS_PER_ADDRESS: "6" });
    const ticket = await ticketFor(server);
    const first = await pollClient(server, { ticket });
    // One visitor counts once, however often they ask.
    for (let i = 0; i < 10; i++)
      expect(await first.ask("hello", hello)).toMatchObject({ ok: true });
    for (let i = 0; i < 2; i++) {
      const more = await pollClient(server, { ticket });
      expect(await more.ask("hello", hello)).toMatchObject({ ok: true });
    }
    for (let i = 0; i < 3; i++) (await visitorClient(server)).close();
    const full = await pollClient(server, { ticket });
    expect(await full.ask("hello", hello)).toEqual({
      ok: false,
      refusal: { code: "rate", retry: true, retryAfterMs: expect.any(Number) },
    });
    await expect(visitorClient(server)).rejects.toMatchObject({ data: { code: "rate" } });
    expect(await first.ask("hello", hello)).toMatchObject({ ok: true });
  });

  it("[LP11] requests from one address are counted before SQL is asked for their token", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "1", SOCKETS_PER_ADDRESS: "1000" });
    let asked = 0;
    const { visitorByToken } = server.ledger;
    server.ledger.visitorByToken = (...given) => {
      asked += 1;
      return visitorByToken(...given);
    };
    const address = `${server.url}/api/visitor/poll?site=demo-shop`;
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        fetch(address, { headers: { authorization: `Bearer ${newToken()}` } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
    expect(asked).toBe(20);
  });

  it("[LP12] costs nothing while the directory changes in what they aren't told", async () => {
    server = await memoryServer({}, { pace: { directory: 50 } });
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    let read = 0;
    const { heads } = server.ledger;
    server.ledger.heads = (workspace, ids) => {
      if (ids.includes(conversation)) read += 1;
      return heads(workspace, ids);
    };
    const polled = visitor.poll(conversation);
    await eventually(() => read > 0);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(read).toBeLessThan(4);
    const agent = await online();
    await polled;
    await polledUntil(visitor, conversation, () =>
      visitor.signals.some(([name, message]) => name === "staffed" && message.staffed),
    );
    agent.close();
  });

  it("[LP12] costs nothing more once they are gone, though it was before they were let in", async () => {
    server = await memoryServer();
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    const { visitorByToken, heads } = server.ledger;
    let letIn = () => {};
    const held = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    let asked = false;
    let read = 0;
    server.ledger.visitorByToken = async (...given) => {
      asked = true;
      await held;
      return visitorByToken(...given);
    };
    server.ledger.heads = (workspace, ids) => {
      if (ids.includes(conversation)) read += 1;
      return heads(workspace, ids);
    };
    const gone = new AbortController();
    const since = visitor.events.at(-1)?.seq ?? 0;
    const poll = fetch(
      `${server.url}/api/visitor/poll?site=demo-shop&conversation=${conversation}&since=${since}`,
      { headers: { authorization: `Bearer ${visitor.token}` }, signal: gone.signal },
    );
    await eventually(() => asked);
    gone.abort();
    await expect(poll).rejects.toThrow();
    // The server hears of it by the same line on which the next request comes.
    await fetch(`${server.url}/health/live`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    letIn();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(read).toBe(0);
  });

  it("[LP8] is told when the server goes away, which doesn't wait for them", async () => {
    server = await memoryServer();
    const visitor = await pollClient(server);
    const conversation = await chat(visitor);
    visitor.signals.length = 0;
    const told = () => visitor.signals.some(([name]) => name === "draining");
    const polled = polledUntil(visitor, conversation, told);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    await server.close();
    await polled;
    expect(visitor.signals).toContainEqual(["draining", { retryAfterMs: expect.any(Number) }]);
    expect(performance.now() - began).toBeLessThan(3_000);
    server = await memoryServer();
  });
});
