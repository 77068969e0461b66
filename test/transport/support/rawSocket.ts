import { once } from "node:events";
import { request } from "node:http";
import type { TestServer } from "../../support/server.ts";

/** A WebSocket without Socket.IO's client: sends any frame, also ones no client would. */
export type RawSocket = {
  /** Every text frame received, the engine's pings left out. */
  frames: string[];
  send(frame: string | Uint8Array<ArrayBuffer>): void;
  /** The next frame that begins like this, also one that came before. */
  frame(start: string): Promise<string>;
  /** Resolves with the close code once the server (or the caller) closed. */
  closed: Promise<number>;
  isClosed(): boolean;
  close(): void;
};

export const socketPath = "/socket.io/?EIO=4&transport=websocket";

/** Opens the transport and waits for the engine's open packet; says nothing of its own but pongs. */
export async function rawSocket(
  server: TestServer,
  headers: Record<string, string> = {},
): Promise<RawSocket> {
  const url = server.url.replace("http", "ws") + socketPath;
  // Node's WebSocket takes headers, which a browser's doesn't.
  const socket = new WebSocket(url, { headers } as unknown as string[]);
  const frames: string[] = [];
  let hearers: (() => void)[] = [];
  let over = false;
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener("close", ({ code }) => {
      over = true;
      resolve(code);
      for (const hear of hearers) hear();
    });
  });
  socket.addEventListener("message", ({ data }) => {
    if (data === "2") return socket.send("3");
    if (typeof data === "string") frames.push(data);
    for (const hear of hearers) hear();
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => reject(new Error("the handshake was refused")));
  });

  async function frame(start: string): Promise<string> {
    for (;;) {
      const at = frames.findIndex((one) => one.startsWith(start));
      if (at >= 0) return frames.splice(at, 1)[0] as string;
      if (over) throw new Error(`closed before ${start} came`);
      await new Promise<void>((resolve) => {
        const hear = () => {
          hearers = hearers.filter((one) => one !== hear);
          resolve();
        };
        hearers.push(hear);
      });
    }
  }

  const raw: RawSocket = {
    frames,
    frame,
    closed,
    isClosed: () => over,
    send: (data) => socket.send(data),
    close: () => socket.close(),
  };
  await raw.frame("0");
  return raw;
}

/** A raw socket inside a namespace. */
export async function rawIn(
  server: TestServer,
  namespace: string,
  { auth, headers }: { auth?: object; headers?: Record<string, string> } = {},
): Promise<RawSocket & { ask(event: string, ...payloads: unknown[]): Promise<unknown> }> {
  const raw = await rawSocket(server, headers);
  raw.send(`40${namespace},${auth ? JSON.stringify(auth) : ""}`);
  await raw.frame(`40${namespace},`);
  let last = 0;
  return {
    ...raw,
    async ask(event, ...payloads) {
      last += 1;
      raw.send(`42${namespace},${last}${JSON.stringify([event, ...payloads])}`);
      const answer = `43${namespace},${last}`;
      const frame = await raw.frame(`${answer}[`);
      return (JSON.parse(frame.slice(answer.length)) as unknown[])[0];
    },
  };
}

/** How the server answers a WebSocket handshake: 101 when it agrees. */
export async function handshake(
  server: TestServer,
  headers: Record<string, string> = {},
  path = socketPath,
): Promise<number> {
  const asked = request(`${server.url}${path}`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.alloc(16).toString("base64"),
      ...headers,
    },
  });
  asked.end();
  const status = await Promise.race([
    once(asked, "upgrade").then(([response, socket]) => {
      socket.destroy();
      return response.statusCode as number;
    }),
    once(asked, "response").then(([response]) => response.statusCode as number),
  ]);
  asked.destroy();
  return status;
}
