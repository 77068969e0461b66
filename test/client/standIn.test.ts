import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { standIn } from "#shared/client/pollWire.ts";
import { socketWire } from "#shared/client/socketWire.ts";
import { visitorNamespace } from "#shared/protocol/sockets.ts";
import { newId, newToken, ticketFor } from "../support/clients.ts";
import { type NoSockets, startNoSockets } from "../support/noSockets.ts";
import { type MemoryServer, memoryServer } from "../transport/support/memoryServer.ts";

let server: MemoryServer;
let network: NoSockets | null = null;
let over: AbortController;
beforeEach(() => {
  over = new AbortController();
});
afterEach(async () => {
  over.abort();
  vi.useRealTimers();
  await network?.close();
  network = null;
  await server.close();
});

const draining = { ok: false, refusal: { code: "draining", retry: true } };
const hello = { protocol: { min: 1, max: 1 }, logEpoch: null, locale: "en", zone: "UTC" };

/** A wire that reconnects at once, as the connection does after a while. */
async function visiting() {
  const port = new URL(server.url).port;
  network = await startNoSockets(() => true, Number(port));
  const url = `http://127.0.0.1:${network.port}`;
  const [token, ticket] = [newToken(), await ticketFor(server)];
  const caller = { url, site: "demo-shop", token, ticket, locale: "en", zone: "UTC" };
  const stood = vi.fn(standIn);
  const wire = socketWire(
    url,
    visitorNamespace,
    () => caller,
    (...to) => void stood(...to, caller, over.signal),
  );
  const heard: [string, unknown][] = [];
  const names = () => heard.map(([name]) => name);
  for (const name of ["connect", "disconnect", "refused", "events", "staffed", "heads"]) {
    wire.on(name, (message) => {
      heard.push([name, message]);
      if (name === "refused" || name === "disconnect") setTimeout(() => wire.connect(), 50);
    });
  }
  const connected = () =>
    vi.waitFor(() => expect(names()).toContain("connect"), { timeout: 10_000 });
  wire.connect();
  return { wire, heard, names, connected, stood };
}

it("[LP9] Where WebSockets don't open but plain HTTP is answered, the wire goes over HTTP, and back when they do", async () => {
  server = await memoryServer();
  vi.useFakeTimers({ toFake: ["setTimeout"], shouldAdvanceTime: true });
  const { wire, heard, names, connected } = await visiting();
  await connected();
  expect(names().filter((name) => name === "refused").length).toBeGreaterThanOrEqual(2);
  expect(wire.isOpen()).toBe(true);
  expect(await wire.emitWithAck("hello", hello, 5_000)).toMatchObject({ ok: true });
  const conversation = newId();
  const command = { id: newId(), kind: "start", conversation };
  expect(await wire.emitWithAck("command", command, 5_000)).toMatchObject({ ok: true });
  expect(await wire.emitWithAck("join", { conversation }, 5_000)).toMatchObject({ ok: true });
  const content = { type: "text", text: "Over plain HTTP" };
  const say = { id: newId(), kind: "say", conversation, content };
  await wire.emitWithAck("command", say, 5_000);
  await vi.waitFor(() => expect(JSON.stringify(heard)).toContain("Over plain HTTP"));

  network?.allow();
  heard.length = 0;
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  // The first to pass is the probe, the second the wire's own; the poll given up meanwhile may reconnect too.
  await vi.waitFor(
    () => {
      expect(network?.passed()).toBeGreaterThan(1);
      expect(names().at(-1)).toBe("connect");
    },
    { timeout: 10_000 },
  );
  expect(await wire.emitWithAck("hello", hello, 5_000)).toMatchObject({ ok: true });
  wire.disconnect();
});

it("[LP9] A server that is away is no blocked network", async () => {
  server = await memoryServer();
  const { wire, names, stood } = await visiting();
  await network?.close();
  network = null;
  await vi.waitFor(() => expect(stood.mock.calls.length).toBeGreaterThan(3), { timeout: 10_000 });
  await Promise.all(stood.mock.results.map(({ value }) => value));
  expect(wire.isOpen()).toBe(false);
  expect(names()).not.toContain("connect");
  wire.disconnect();
});

it("[LP9] A server that is full or draining is no blocked network", async () => {
  server = await memoryServer({ SOCKETS_PER_ADDRESS: "1" });
  const [token, ticket] = [newToken(), await ticketFor(server)];
  const caller = { url: server.url, site: "demo-shop", token, ticket, locale: "en", zone: "UTC" };
  const stands = async () => {
    const told = vi.fn();
    const wire = socketWire(server.url, visitorNamespace, () => caller);
    await standIn(wire, told, caller, over.signal);
    return told.mock.calls.length > 0;
  };
  const address = `${server.url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`;
  const last = new WebSocket(address);
  await new Promise((resolve) => {
    last.onmessage = resolve;
  });
  // With the one connection taken, this server refuses all others.
  const refused = new WebSocket(address);
  await new Promise((resolve) => {
    refused.onerror = resolve;
  });
  expect(await stands()).toBe(false);
  last.close();

  network = await startNoSockets(() => true, Number(new URL(server.url).port));
  const behind = `http://127.0.0.1:${network.port}`;
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(draining)));
  const told = vi.fn();
  const wire = socketWire(behind, visitorNamespace, () => caller);
  await standIn(wire, told, { ...caller, url: behind }, over.signal);
  vi.unstubAllGlobals();
  expect(told).not.toHaveBeenCalled();
});

it("[LP9] Once the page is done with the session, nobody tries for it any more", async () => {
  server = await memoryServer();
  const { wire, heard, connected, stood } = await visiting();
  await connected();
  network?.allow();
  over.abort();
  wire.disconnect();
  heard.length = 0;
  // All of them end, where they would try again in five minutes.
  await Promise.all(stood.mock.results.map(({ value }) => value));
  expect(network?.passed()).toBe(0);
  expect(heard).toEqual([]);
});
