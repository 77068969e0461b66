import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Socket } from "#shared/client/engine.ts";

// A loaded machine is slow, not broken.
vi.setConfig({ testTimeout: 30_000 });

/** What the browser bundles have in the place of engine.io-client, against the real server of it. */
describe("Engine.IO over one WebSocket", () => {
  const heard: [string, unknown][] = [];
  let io: Server;
  let engine: Socket;

  async function connect(times: { pingInterval: number; pingTimeout: number }) {
    const http = createServer();
    io = new Server(http, { transports: ["websocket"], ...times });
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  function open(url: string) {
    heard.length = 0;
    engine = new Socket(url, { path: "/socket.io" });
    for (const event of ["open", "data", "close", "error"]) {
      engine.on(event, (value) => heard.push([event, value]));
    }
  }

  const names = () => heard.map(([event]) => event);
  /** As long as a busy machine may take. */
  const patient = { timeout: 10_000 };
  const hears = (event: string) => vi.waitFor(() => expect(names()).toContain(event), patient);

  afterEach(async () => {
    engine.close();
    await io?.close();
  });

  it("[C21] opens, speaks and hears", async () => {
    open(await connect({ pingInterval: 5_000, pingTimeout: 5_000 }));
    await hears("open");
    expect(engine.transport.writable).toBe(true);
    engine.write('0{"a":1}');
    await hears("data");
    expect(heard.at(-1)?.[1]).toMatch(/^0\{"sid":/);
    expect(engine._hasPingExpired()).toBe(false);
  });

  it("[C21] stays as long as the server is alive, and says when it went", async () => {
    const times = { pingInterval: 20, pingTimeout: 60_000 };
    open(await connect(times));
    await hears("open");
    engine.write("0");
    let pings = 0;
    await vi.waitFor(() => expect(io.sockets.sockets.size).toBe(1), patient);
    const opened = Date.now();
    for (const { conn } of io.sockets.sockets.values()) {
      conn.on("heartbeat", () => {
        pings++;
      });
    }
    await vi.waitFor(() => expect(pings).toBeGreaterThan(8), patient);
    // Each answered ping moved the time from which the server counts as dead.
    const later = opened + times.pingInterval + times.pingTimeout + 1;
    const now = vi.spyOn(Date, "now").mockReturnValue(later);
    expect(engine._hasPingExpired()).toBe(false);
    now.mockRestore();
    expect(names()).not.toContain("close");
    io.disconnectSockets(true);
    await hears("close");
  });

  it("[C21] notices a server that fell silent", async () => {
    const url = await connect({ pingInterval: 40, pingTimeout: 40 });
    io.engine.on("connection", (conn: { sendPacket(): void }) => {
      conn.sendPacket = () => {};
    });
    open(url);
    await hears("open");
    await hears("close");
  });

  it("[C21] after a sleep sends nothing into a dead line", async () => {
    open(await connect({ pingInterval: 5_000, pingTimeout: 5_000 }));
    await hears("open");
    const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    expect(engine._hasPingExpired()).toBe(true);
    now.mockRestore();
    await hears("close");
  });

  it("[C21] says that nobody is there, and nothing once it was closed", async () => {
    open("http://127.0.0.1:1");
    await hears("error");
    open(await connect({ pingInterval: 5_000, pingTimeout: 5_000 }));
    engine.close();
    engine.close();
    expect(names()).toEqual([]);
  });
});
