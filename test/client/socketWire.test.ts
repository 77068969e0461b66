import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, type Socket } from "socket.io";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { socketWire } from "#shared/client/socketWire.ts";
import type { Wire } from "#shared/client/wire.ts";
import { refusal } from "#shared/protocol/refusals.ts";

/** The only tests here with a real socket: that Socket.IO does what the wire promises. */
describe("The wire over Socket.IO", () => {
  let io: Server;
  let url: string;
  let wire: Wire;
  let sockets: Socket[];
  const heard: [string, unknown][] = [];

  beforeEach(async () => {
    const http = createServer();
    io = new Server(http, { transports: ["websocket"] });
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    sockets = [];
    io.of("/visitor").use((socket, next) => {
      const { token } = socket.handshake.auth as { token: string };
      next(
        token === "known"
          ? undefined
          : Object.assign(new Error("no"), { data: refusal("unauthenticated") }),
      );
    });
    io.of("/visitor").on("connection", (socket) => {
      sockets.push(socket);
      socket.on("echo", (payload, reply) => reply(payload));
    });
    heard.length = 0;
    open("known");
  });

  afterEach(async () => {
    wire.disconnect();
    await io.close();
  });

  function open(token: string) {
    wire = socketWire(url, "/visitor", () => ({ token }));
    for (const event of ["connect", "disconnect", "refused", "events"]) {
      wire.on(event, (payload) => heard.push([event, payload]));
    }
    wire.connect();
  }

  const hear = (event: string) =>
    vi.waitFor(() => expect(heard.map(([name]) => name)).toContain(event));

  it("[C14] connects by WebSocket alone, asks and hears", async () => {
    await hear("connect");
    expect(wire.isOpen()).toBe(true);
    expect(sockets[0]?.conn.transport.name).toBe("websocket");
    expect(await wire.emitWithAck("echo", { a: 1 }, 1_000)).toEqual({ a: 1 });
    sockets[0]?.emit("events", { b: 2 });
    await hear("events");
    expect(heard.at(-1)).toEqual(["events", { b: 2 }]);
  });

  it("[C14] hands over why it was refused", async () => {
    wire.disconnect();
    open("unknown");
    await hear("refused");
    expect(heard.find(([name]) => name === "refused")?.[1]).toEqual(refusal("unauthenticated"));
    expect(wire.isOpen()).toBe(false);
  });

  it("[C14] tells of a server that isn't there without a reason", async () => {
    wire.disconnect();
    const nowhere = socketWire("http://127.0.0.1:1", "/visitor", () => ({}));
    const why = new Promise((tell) => nowhere.on("refused", tell));
    nowhere.connect();
    expect(await why).toBeUndefined();
  });

  it("[C6] rejects what gets no answer in time, and at once what a closing socket leaves open", async () => {
    await hear("connect");
    await expect(wire.emitWithAck("nobody hears this", {}, 20)).rejects.toThrow();
    const pending = wire.emitWithAck("nor this", {}, 60_000);
    sockets[0]?.disconnect(true);
    await expect(pending).rejects.toThrow();
    await hear("disconnect");
    await expect(wire.emitWithAck("echo", {}, 60_000)).rejects.toThrow("not connected");
  });

  it("[C14] connects again with a fresh socket, and is silent about closing by itself", async () => {
    await hear("connect");
    wire.connect();
    await vi.waitFor(() => expect(sockets).toHaveLength(2));
    await vi.waitFor(() => expect(sockets[0]?.connected).toBe(false));
    expect(heard.map(([name]) => name)).not.toContain("disconnect");
    await vi.waitFor(() => expect(wire.isOpen()).toBe(true));
    expect(await wire.emitWithAck("echo", "again", 1_000)).toBe("again");
  });

  it("[C14] rejects what was under way when it closes by itself", async () => {
    await hear("connect");
    const pending = wire.emitWithAck("nobody hears this", {}, 60_000);
    wire.disconnect();
    await expect(pending).rejects.toThrow();
  });
});
