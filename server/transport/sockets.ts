import type { Server as HttpServer, IncomingMessage } from "node:http";
import { Server } from "socket.io";
import { seconds } from "#shared/model/time.ts";

/** Largest frame taken, in bytes: OWASP's WebSocket sheet says 64 KB at most. */
export const frameLimit = 64 * 1024;

/**
 * Socket.IO as a pipe: websocket only, so no sticky sessions and no polling (house decision 13). Its
 * `cors` option doesn't look at WebSocket handshakes, so `allowRequest` does.
 */
export function createSockets(
  http: HttpServer,
  publicOrigin: string,
  addresses: Addresses,
): Server {
  const io = new Server(http, {
    transports: ["websocket"],
    allowEIO3: false,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: frameLimit,
    pingInterval: seconds(15),
    pingTimeout: seconds(10),
    connectTimeout: seconds(5),
    upgradeTimeout: seconds(5),
    allowRequest(request, decide) {
      const allowed = originAllowed(request, publicOrigin);
      if (!allowed) return decide("forbidden", false);
      decide(addresses.full(request) ? "too many connections" : null, !addresses.full(request));
    },
  });
  // The engine's sockets are the ones that cost: also those that never say which namespace they want.
  io.engine.on(
    "connection",
    (socket: { request: IncomingMessage; once(event: "close", hear: () => void): void }) => {
      addresses.opened(socket.request);
      socket.once("close", () => addresses.closed(socket.request));
    },
  );
  return io;
}

/**
 * Exactly our own origin. A program without an Origin may come with a bearer token, never with a
 * cookie: a cookie without an Origin could be anybody's page.
 */
export function originAllowed(request: IncomingMessage, publicOrigin: string): boolean {
  const { origin, cookie } = request.headers;
  if (origin === undefined) return cookie === undefined;
  return origin === publicOrigin;
}

/** Counts open connections per client address. */
export type Addresses = {
  full(request: IncomingMessage): boolean;
  opened(request: IncomingMessage): void;
  closed(request: IncomingMessage): void;
};

export function createAddresses(
  limit: number,
  addressOf: (request: IncomingMessage) => string,
): Addresses {
  const open = new Map<string, number>();
  const move = (request: IncomingMessage, by: 1 | -1) => {
    const address = addressOf(request);
    const next = (open.get(address) ?? 0) + by;
    if (next > 0) open.set(address, next);
    else open.delete(address);
  };
  return {
    full: (request) => (open.get(addressOf(request)) ?? 0) >= limit,
    opened: (request) => move(request, 1),
    closed: (request) => move(request, -1),
  };
}
