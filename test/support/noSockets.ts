import { once } from "node:events";
import { request as ask, createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

/** A network that answers plain HTTP and lets WebSockets through only as it likes. */
export type NoSockets = {
  readonly port: number;
  /** How many handshakes were refused. */
  refused(): number;
  /** How many went through. */
  passed(): number;
  /** From now on WebSockets pass. */
  allow(): void;
  close(): Promise<void>;
};

/**
 * Passes requests on to this port of this machine, or the one that their Host names, and refuses
 * upgrades: all of them, or those that `blocks` says.
 */
export async function startNoSockets(
  blocks: (request: IncomingMessage) => boolean = () => true,
  port?: number,
): Promise<NoSockets> {
  let refused = 0;
  let passed = 0;
  let blocking = true;
  const open = new Set<Socket>();
  const portOf = ({ headers }: IncomingMessage) => port ?? Number(headers.host?.split(":")[1]);
  const server = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = ask({ host: "127.0.0.1", port: portOf(request), method, path, headers });
    onward.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.once("error", () =>
      response.headersSent ? response.destroy() : response.writeHead(502).end(),
    );
    response.once("close", () => onward.destroy());
    request.pipe(onward);
  });
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.on("upgrade", (request, socket, head) => {
    if (blocking && blocks(request)) {
      refused += 1;
      socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    passed += 1;
    const upstream = connect(portOf(request), "127.0.0.1", () => {
      const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
      upstream.write(`${[`GET ${request.url} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.once("error", () => other.destroy());
      one.once("close", () => other.destroy());
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    refused: () => refused,
    passed: () => passed,
    allow() {
      blocking = false;
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}
