import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A TCP proxy that gives each connection to the next node in turn: no stickiness, no knowledge of HTTP. */
export type Balancer = {
  readonly port: number;
  close(): Promise<void>;
};

/** A node that refuses is passed over; when all do, so does the balancer. */
export async function startBalancer(targets: readonly number[], port = 0): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;

  async function toSomebody(): Promise<Socket | null> {
    for (let tried = 0; tried < targets.length; tried += 1) {
      const target = targets[turn % targets.length] ?? 0;
      turn += 1;
      const server = connect(target, "127.0.0.1");
      try {
        await once(server, "connect");
        return server;
      } catch {
        server.destroy();
      }
    }
    return null;
  }

  async function serve(client: Socket): Promise<void> {
    open.add(client);
    client.on("close", () => open.delete(client)).on("error", () => client.destroy());
    const server = await toSomebody();
    if (!server) return void client.destroy();
    // A connection that breaks on one side breaks on the other, at once.
    const end = () => {
      client.destroy();
      server.destroy();
    };
    if (client.destroyed) return end();
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    client.pipe(server).pipe(client);
  }

  const servers: Server[] = [];
  const listen = async (host: string, on: number) => {
    const server = createServer((client) => void serve(client)).listen(on, host);
    await once(server, "listening");
    servers.push(server);
    const address = server.address();
    return typeof address === "object" && address ? address.port : 0;
  };
  const taken = await listen("127.0.0.1", port);
  // `localhost` may mean either; a machine without IPv6 has only the first.
  await listen("::1", taken).catch(() => undefined);
  return {
    port: taken,
    async close() {
      for (const socket of open) socket.destroy();
      await Promise.all(
        servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
      );
    },
  };
}
