import { once } from "node:events";
import { request as ask, type IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { connect, type Socket } from "node:net";
import { createSecureContext } from "node:tls";
import type { Certificate } from "./certificates.ts";

export type TlsProxy = { readonly port: number; close(): Promise<void> };

/**
 * What stands in front of a server in production: ends TLS for each host name, passes requests and
 * WebSocket upgrades on to that name's port and says for whom.
 */
export async function startTlsProxy(
  sites: Readonly<Record<string, { certificate: Certificate; port: number }>>,
): Promise<TlsProxy> {
  const contexts = new Map(
    Object.entries(sites).map(([host, { certificate }]) => [
      host,
      createSecureContext(certificate),
    ]),
  );
  const server = createServer({
    SNICallback: (host, done) => done(null, contexts.get(host)),
  });
  const portFor = (request: IncomingMessage) => sites[request.headers.host ?? ""]?.port;
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });

  server.on("request", (request, response) => {
    const port = portFor(request);
    if (port === undefined) return void response.writeHead(421).end();
    const { method, url: path } = request;
    const passed = ask({ host: "127.0.0.1", port, method, path, headers: forwarded(request) });
    passed.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    passed.once("error", () =>
      response.headersSent ? response.destroy() : response.writeHead(502).end(),
    );
    request.pipe(passed);
  });

  server.on("upgrade", (request, socket, head) => {
    const port = portFor(request);
    if (port === undefined) return void socket.destroy();
    const upstream = connect(port, "127.0.0.1", () => {
      const lines = Object.entries(forwarded(request)).map(([name, value]) => `${name}: ${value}`);
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
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, "close");
    },
  };
}

function forwarded(request: IncomingMessage): Record<string, string | string[]> {
  const { headers, socket } = request;
  const before = headers["x-forwarded-for"];
  const address = socket.remoteAddress ?? "";
  return {
    ...Object.fromEntries(
      Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== undefined),
    ),
    "x-forwarded-for": before ? `${before}, ${address}` : address,
    "x-forwarded-proto": "https",
  };
}
