import type { Server as HttpServer, IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Namespace, Server } from "socket.io";
import { seconds } from "#shared/model/time.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import { gatherWrites } from "./gatherWrites.ts";
import { refusedError } from "./refusedError.ts";

/** Largest frame taken, in bytes: OWASP's WebSocket sheet says 64 KB at most. */
export const frameLimit = 64 * 1024;
/** How long a client may take to close its side before the connection is cut. */
const goodbye = seconds(1);
/** What may wait for a client that reads slowly, before it is cut off to come back and sync. */
const mostUnread = { packets: 1_000, bytes: 1024 * 1024 };
/** Beyond this no further page is read for it: pages it asked for itself don't get it cut off. */
export const mostUnreadForPages = mostUnread.bytes / 2;
const lookForSlow = seconds(1);

/** What is used of Engine.IO's socket; its own types hide some of it. */
type EngineSocket = {
  id: string;
  request: IncomingMessage;
  writeBuffer: readonly { data?: string | Buffer }[];
  once(event: "close", hear: (reason: string) => void): void;
  flush(): void;
  close(): void;
};

export type SocketsLog = {
  refusedHandshake(why: string): void;
  /** The server ended a connection, or a frame it couldn't read did. */
  cut(connection: string, why: string): void;
};

export type Sockets = {
  io: Server;
  /** Says goodbye to everybody; whoever doesn't answer is cut off. */
  close(): Promise<void>;
};

/**
 * Socket.IO as a pipe: websocket only, so no sticky sessions and no polling (decision 13). Its
 * `cors` option doesn't look at WebSocket handshakes, so `allowRequest` does.
 */
export function createSockets(
  http: HttpServer,
  publicOrigin: string,
  { addresses, draining }: { addresses: Addresses; draining(): boolean },
  log: SocketsLog,
): Sockets {
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
      const why = draining() ? "draining" : reasonAgainst(request, publicOrigin, addresses);
      if (why === null) return decide(null, true);
      // Engine.IO itself would call everything a bad request, and some of it only after agreeing.
      request.socket.end(
        `HTTP/1.1 ${statuses[why]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      decide(why, false);
    },
  });
  io.engine.on(
    "connection_error",
    ({ message, context }: { message: string; context?: { message?: string } }) =>
      log.refusedHandshake(context?.message ?? message),
  );
  // The engine's sockets are the ones that cost: also those that never say which namespace they want.
  const open = new Set<EngineSocket>();
  io.engine.on("connection", (socket: EngineSocket) => {
    open.add(socket);
    gatherWrites(socket);
    addresses.opened(socket.request);
    socket.once("close", (reason: string) => {
      open.delete(socket);
      addresses.closed(socket.request);
      if (broken.has(reason)) log.cut(socket.id, reason);
      // Nobody is there to answer the goodbye, which would keep the connection half a minute more.
      if (reason === "ping timeout") socket.request.socket.destroy();
    });
  });
  const timer = setInterval(() => {
    for (const socket of open) {
      if (!isSlow(socket)) continue;
      log.cut(socket.id, "slow");
      socket.request.socket.destroy();
    }
  }, lookForSlow);
  // Nobody has business in the default namespace; without it an unnamed connection ends by itself.
  io.use((_socket, next) => next(refusedError(refusal("not_found"))));
  return {
    io,
    async close() {
      clearInterval(timer);
      const leaving = [...open];
      const gone = leaving.map((socket) => {
        const left = new Promise((resolve) => socket.request.socket.once("close", resolve));
        // What was answered already is still sent; Socket.IO's own closing would drop it.
        socket.close();
        return left;
      });
      await Promise.race([Promise.all(gone), sleep(goodbye, null, { ref: false })]);
      for (const { request } of leaving) request.socket.destroy();
      const closed = io.close();
      await Promise.race([closed, sleep(goodbye, null, { ref: false })]);
      // Browsers keep connections at hand on which nothing was asked yet; Node waits for those too.
      http.closeAllConnections();
      await closed;
    },
  };
}

const isSlow = (socket: EngineSocket): boolean =>
  socket.writeBuffer.length > mostUnread.packets || unreadBytes(socket) > mostUnread.bytes;

/** What Engine.IO holds back, and what it handed on in one go that the network hasn't taken. */
export const unreadBytes = ({
  writeBuffer,
  request,
}: Pick<EngineSocket, "writeBuffer" | "request">): number =>
  writeBuffer.reduce(
    (sum, { data }) => sum + (data ? Buffer.byteLength(data) : 0),
    request.socket.writableLength,
  );

const statuses = {
  origin: "403 Forbidden",
  revision: "400 Bad Request",
  "too many connections": "429 Too Many Requests",
  draining: "503 Service Unavailable",
} as const;

function reasonAgainst(
  request: IncomingMessage,
  publicOrigin: string,
  addresses: Addresses,
): keyof typeof statuses | null {
  if (!originAllowed(request, publicOrigin)) return "origin";
  const { searchParams } = new URL(request.url ?? "", publicOrigin);
  if (searchParams.get("EIO") !== "4") return "revision";
  return addresses.full(request) ? "too many connections" : null;
}

/** How the engine calls a connection that ended over what it sent. */
const broken: ReadonlySet<string> = new Set(["parse error", "transport error", "forced close"]);

/**
 * One socket per connection and namespace. Socket.IO makes another for each CONNECT that comes before
 * the first is answered, each with a budget and timers of its own.
 */
export function oncePerConnection(namespace: Namespace): void {
  const came = new WeakSet<object>();
  namespace.use((socket, next) => {
    if (came.has(socket.conn)) {
      socket.conn.close();
      return next(refusedError(refusal("rate")));
    }
    came.add(socket.conn);
    next();
  });
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
