import { type Socket, connect as tcp } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Page } from "#shared/protocol/sockets.ts";
import { agentClient, eventually, newId, signIn, visitorClient } from "../support/clients.ts";
import { bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { handshake, rawSocket, socketPath } from "./support/rawSocket.ts";
import { wholeLog } from "./support/reading.ts";

let server: MemoryServer;
afterEach(() => server.close());

const rate = {
  ok: false,
  refusal: { code: "rate", retry: true, retryAfterMs: expect.any(Number) },
};

describe("events in a flood", () => {
  it("[B20] beyond the budget are refused with a time to wait, after which they are taken", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "10" });
    const visitor = await visitorClient(server);
    const neighbour = await visitorClient(server);
    const leave = () => visitor.ask("leave", { conversation: newId() });
    const answers = await Promise.all(Array.from({ length: 30 }, leave));
    const refused = answers.filter((answer) => !answer.ok);
    expect(refused).toHaveLength(30 - 19);
    for (const answer of refused) expect(answer).toMatchObject(rate);
    expect(await neighbour.ask("leave", { conversation: newId() })).toEqual({ ok: true });
    const wait = refused[0]?.ok === false ? (refused[0].refusal.retryAfterMs ?? 0) : 0;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(2_000);
    await new Promise((resolve) => setTimeout(resolve, wait + 20));
    expect(await leave()).toEqual({ ok: true });
    visitor.close();
    neighbour.close();
  });

  it("[B20] that nobody answers, or nobody knows, cost the same", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "10" });
    const visitor = await visitorClient(server);
    for (let i = 0; i < 10; i++) visitor.socket.emit("typing", null);
    for (let i = 0; i < 10; i++) visitor.socket.emit("nonsense");
    expect(await visitor.ask("leave", { conversation: newId() })).toMatchObject(rate);
    visitor.close();
  });

  it("[B20] on both namespaces of one connection share one budget", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "10" });
    const visitor = await visitorClient(server);
    await visitor.command({ kind: "start", conversation: newId() });
    const headers = { origin: server.config.publicUrl, cookie: await signIn(server) };
    const raw = await rawSocket(server, headers);
    raw.send(`40/visitor,${JSON.stringify({ site: "demo-shop", token: visitor.token })}`);
    raw.send("40/agent,");
    await raw.frame("40/visitor,");
    await raw.frame("40/agent,");
    for (let i = 0; i < 20; i++) raw.send('42/visitor,["typing",null]');
    raw.send('42/agent,5["hello",{}]');
    expect(await raw.frame("43/agent,5")).toContain('"rate"');
    raw.close();
    visitor.close();
  });

  it("[B21] that go on regardless end the connection, and nobody else notices", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "10" });
    const others = await bystanders(server);
    const visitor = await visitorClient(server);
    const gone = new Promise((resolve) => visitor.socket.once("disconnect", resolve));
    for (let i = 0; i < 150; i++) visitor.socket.emit("typing", null);
    await gone;
    expect(server.log.join("")).toContain('"why":"flood"');
    await others.stillTalk();
    others.close();
  });
});

describe("events while a store stalls", () => {
  it("[B50] gather to 64 on one connection; further ones are told to wait, and others are taken", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "10000" });
    const visitor = await visitorClient(server);
    const neighbour = await visitorClient(server);
    await visitor.command({ kind: "start", conversation: newId() });
    const { conversation } = server.ledger;
    let goOn = () => {};
    const stall = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    server.ledger.conversation = async (...given) => {
      await stall;
      return conversation(...given);
    };
    const refused: unknown[] = [];
    const answers = Array.from({ length: 100 }, async () => {
      const answer = await visitor.ask("join", { conversation: newId() });
      if (!answer.ok && answer.refusal.code === "rate") refused.push(answer);
      return answer;
    });
    await eventually(() => refused.length === 36);
    for (const answer of refused) expect(answer).toEqual(rate);
    expect(await neighbour.ask("leave", { conversation: newId() })).toEqual({ ok: true });
    goOn();
    await Promise.all(answers);
    expect(refused).toHaveLength(36);
    expect(await visitor.ask("leave", { conversation: newId() })).toEqual({ ok: true });
    visitor.close();
    neighbour.close();
  });
});

describe("connections in a crowd", () => {
  it("[B22] from one address are capped; one that ends makes room", async () => {
    server = await memoryServer({ SOCKETS_PER_ADDRESS: "3" });
    const [one, two, three] = [
      await rawSocket(server),
      await rawSocket(server),
      await rawSocket(server),
    ];
    expect(await handshake(server)).toBe(429);
    expect(await handshake(server, { "x-forwarded-for": "198.51.100.7" })).toBe(429);
    expect(server.log.join("")).toContain('"why":"too many connections"');
    one.close();
    await one.closed;
    await eventually(async () => (await handshake(server)) === 101);
    two.close();
    three.close();
  });

  it("[B22] behind a trusted proxy are counted by the address the proxy saw", async () => {
    server = await memoryServer({ SOCKETS_PER_ADDRESS: "1", TRUST_PROXY: "1" });
    const from = (list: string) => ({ "x-forwarded-for": list });
    const first = await rawSocket(server, from("198.51.100.7"));
    expect(await handshake(server, from("198.51.100.7"))).toBe(429);
    // What stands left of the proxy's own word could be anybody's invention.
    expect(await handshake(server, from("203.0.113.9, 198.51.100.7"))).toBe(429);
    expect(await handshake(server, from("198.51.100.8"))).toBe(101);
    first.close();
  });
});

describe("a client that doesn't read", () => {
  it.each([
    ["many answers", 72, 1_100],
    ["few large answers", 150, 0],
  ])("[B23] is cut off by %s before it takes the server's memory", async (_, pages, others) => {
    server = await memoryServer({ EVENTS_PER_SECOND: "100000" });
    const visitor = await visitorClient(server);
    const conversation = newId<ConversationId>();
    await visitor.command({ kind: "start", conversation });
    const text = "x".repeat(10_000);
    for (let i = 0; i < 40; i++) {
      await visitor.command({ kind: "say", conversation, content: { type: "text", text } });
    }
    const socket = await deafSocket(server, { site: "demo-shop", token: visitor.token });
    for (let i = 0; i < pages; i++) {
      socket.write(masked(`42/visitor,${i}["sync",{"conversation":"${conversation}","since":0}]`));
    }
    // First the network's own buffers fill up, then the server's would.
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (let i = pages; i < pages + others; i++) {
      socket.write(masked(`42/visitor,${i}["leave",{"conversation":"${conversation}"}]`));
    }
    await eventually(() => server.log.join("").includes('"why":"slow"'));
    const agent = await agentClient(server);
    expect(await agent.ask("sync", { conversation, since: 0, limit: 1 })).toMatchObject({
      ok: true,
    });
    agent.close();
    visitor.close();
    socket.destroy();
  });

  it("[B51] is refused pages before those it asked for get it cut off, and reads on later", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "100000" });
    const visitor = await visitorClient(server);
    const conversation = newId<ConversationId>();
    await visitor.command({ kind: "start", conversation });
    const text = "x".repeat(10_000);
    for (let i = 0; i < 40; i++) {
      await visitor.command({ kind: "say", conversation, content: { type: "text", text } });
    }
    const socket = await deafSocket(server, { site: "demo-shop", token: visitor.token });
    const page = (id: number) =>
      socket.write(masked(`42/visitor,${id}["sync",{"conversation":"${conversation}","since":0}]`));
    for (let i = 100; i < 250; i++) {
      page(i);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // Longer than it takes to look for those who are slow.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(server.log.join("")).not.toContain('"why":"slow"');
    let heard = "";
    socket.on("data", (data) => {
      heard += String(data);
    });
    socket.resume();
    await eventually(() => heard.includes('43/visitor,249[{"ok":false'));
    expect(heard).toContain('"rate"');
    page(999);
    await eventually(() => heard.includes('43/visitor,999[{"ok":true'));
    visitor.close();
    socket.destroy();
  });

  it("[B23] gets long messages in short pages, and all of them", async () => {
    server = await memoryServer();
    const visitor = await visitorClient(server);
    const conversation = newId<ConversationId>();
    await visitor.command({ kind: "start", conversation });
    const text = "y".repeat(10_000);
    for (let i = 0; i < 40; i++) {
      await visitor.command({ kind: "say", conversation, content: { type: "text", text } });
    }
    const page = await visitor.ask<Page>("sync", { conversation, since: 0 });
    expect(page.ok && page.more).toBe(true);
    expect(JSON.stringify(page).length).toBeLessThan(260 * 1024);
    const whole = await wholeLog(visitor, conversation);
    expect(whole.map(({ seq }) => seq)).toEqual(whole.map((_, i) => i + 1));
    expect(whole.filter(({ kind }) => kind === "message")).toHaveLength(40);
    visitor.close();
  });

  it("[B23] doesn't keep the server from closing", async () => {
    server = await memoryServer();
    const visitor = await visitorClient(server);
    await visitor.command({ kind: "start", conversation: newId() });
    const socket = await deafSocket(server, { site: "demo-shop", token: visitor.token });
    const began = performance.now();
    await server.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    socket.destroy();
    server = await memoryServer();
  });
});

/** A visitor's connection whose other end, once connected, takes nothing more from its buffer. */
async function deafSocket({ config }: MemoryServer, auth: object): Promise<Socket> {
  const socket = tcp(config.port, "127.0.0.1");
  socket.on("error", () => undefined);
  const key = Buffer.alloc(16).toString("base64");
  socket.write(
    `GET ${socketPath} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  let heard = "";
  const until = async (words: string) => {
    while (!heard.includes(words)) {
      heard += String(await new Promise((resolve) => socket.once("data", resolve)));
    }
  };
  await until("0{");
  socket.write(masked(`40/visitor,${JSON.stringify(auth)}`));
  await until("40/visitor,");
  socket.pause();
  return socket;
}

/** A client's text frame, under a mask of zeros. */
function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}
