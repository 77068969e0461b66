import { randomBytes } from "node:crypto";
import { connect as connectTcp } from "node:net";
import { frame, reader } from "./frames.ts";

/**
 * A Socket.IO client over a bare TCP connection: a hundredth of the work of a real one, so that one
 * process can be thousands of people and the servers stay what is measured.
 */
export type Wire = {
  /** An event with an acknowledgement of this number; what comes back is heard as it is. */
  send(ack: number, event: string, payload: string): void;
  /** For everything that isn't measured message by message. */
  ask<T>(event: string, payload: unknown): Promise<T>;
  /** Packets that answer no `ask`, as Socket.IO wrote them: `42…` events and `43…` acks. */
  hear: (packet: string) => void;
  close(): void;
};

export type WireOptions = {
  port: number;
  /** `/` or a name with a slash before it. */
  namespace: string;
  auth?: Record<string, unknown>;
  headers?: Record<string, string>;
  hear?: (packet: string) => void;
};

/** Numbers below are the caller's. */
const firstAsked = 1_000_000_000;
const patienceMs = 30_000;
/** One for all connections: whoever reads is done with it before the next one reads. */
const shared = Buffer.alloc(64 * 1024);

/** Resolves once the namespace said that we are connected to it. */
export function connectWire(options: WireOptions): Promise<Wire> {
  const { port, namespace, auth = {}, headers = {} } = options;
  const prefix = namespace === "/" ? "" : `${namespace},`;
  const asked = new Map<number, (answer: unknown) => void>();
  let nextAsk = firstAsked;
  let state: "connecting" | "connected" | "closed" = "connecting";
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail("no answer to connecting"), patienceMs);
    const read = reader(packet, () => lost("closed by the server"));
    let upgraded = false;
    let head = "";

    const tcp = connectTcp({
      port,
      host: "127.0.0.1",
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (size) => {
          received(shared.subarray(0, size));
          return true;
        },
      },
    });
    tcp.once("connect", () => {
      const lines = {
        Host: `localhost:${port}`,
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
        ...headers,
      };
      const fields = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
      tcp.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${fields.join("")}\r\n`);
    });
    tcp.on("error", (error) => lost(error.message));
    tcp.on("close", () => lost("cut"));

    function fail(why: string) {
      wire.close();
      reject(new Error(`connecting to ${namespace} failed: ${why}`));
    }

    /** Nobody measured here is cut off in good order: it would spoil the figures silently. */
    function lost(why: string) {
      if (state === "connecting") fail(why);
      else if (state === "connected") {
        throw new Error(`a connection to ${namespace} was lost: ${why}`);
      }
    }

    function received(chunk: Buffer) {
      if (upgraded) return read(chunk);
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      if (!head.startsWith("HTTP/1.1 101")) return fail(head.split("\r\n")[0] ?? "");
      upgraded = true;
      const left = Buffer.from(head.slice(end + 4), "latin1");
      if (left.length > 0) read(left);
    }

    function packet(said: string) {
      if (said === "2") tcp.write(pong);
      else if (said.startsWith("42")) wire.hear(said);
      else if (said.startsWith("43")) answered(said);
      else if (said.startsWith("0")) tcp.write(frame(`40${prefix}${JSON.stringify(auth)}`));
      else if (said.startsWith("40")) {
        clearTimeout(timer);
        state = "connected";
        resolve(wire);
      } else if (state === "connecting") fail(said);
    }

    function answered(said: string) {
      if (asked.size === 0) return wire.hear(said);
      const [number = "", body] = split(said, prefix.length);
      const take = asked.get(Number(number));
      if (!take) return wire.hear(said);
      asked.delete(Number(number));
      take((JSON.parse(body ?? "[]") as unknown[])[0]);
    }

    const wire: Wire = {
      send: (ack, event, payload) =>
        void tcp.write(frame(`42${prefix}${ack}["${event}",${payload}]`)),
      ask: <T>(event: string, payload: unknown) =>
        new Promise<T>((take) => {
          const number = nextAsk++;
          asked.set(number, take as (answer: unknown) => void);
          wire.send(number, event, JSON.stringify(payload));
        }),
      hear: options.hear ?? (() => undefined),
      close() {
        clearTimeout(timer);
        state = "closed";
        tcp.destroy();
      },
    };
  });
}

const pong = frame("3");

/** An acknowledgement's number and its arguments. */
function split(packet: string, prefix: number): [string, string] {
  const bracket = packet.indexOf("[");
  return [packet.slice(2 + prefix, bracket), packet.slice(bracket)];
}
