import { createServer, type Server } from "node:http";

/** A port that can't be had; `message` is one sentence. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/**
 * Listens on every address with one server's handlers: Socket.IO and Express belong to the first, the
 * others pass their requests and upgrades on. IPv6 loopback may be missing on a machine; the first
 * address may not.
 */
export async function listen(
  first: Server,
  hosts: readonly string[],
  port: number,
): Promise<Server[]> {
  const [host = "127.0.0.1", ...others] = hosts;
  protect(first);
  await bind(first, host, port);
  const address = first.address();
  const actual = typeof address === "object" && address ? address.port : port;
  const servers = [first];
  for (const other of others) {
    const server = createServer();
    protect(server);
    server.on("request", (request, response) => first.emit("request", request, response));
    server.on("upgrade", (request, socket, head) => first.emit("upgrade", request, socket, head));
    try {
      await bind(server, other, actual);
      servers.push(server);
    } catch (error) {
      if (isMissingAddress(error)) continue;
      first.close();
      throw error;
    }
  }
  return servers;
}

/** Slow headers and bodies are cut off. */
function protect(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxHeadersCount = 100;
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new ListenError(
              `port ${port} on ${host} is taken by another program; set PORT to a free one`,
            )
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
}

function isMissingAddress(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT";
}
