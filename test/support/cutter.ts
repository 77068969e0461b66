import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A TCP relay to a local port that can break connections where it hurts. */
export type Cutter = {
  readonly port: number;
  /** Ends every connection there is; what was under way gets no answer. */
  cut(): void;
  /** From now on the server hears the connections there are, but its answers are lost. */
  deafen(): void;
  /** Nothing gets through any more: connections end, and so does each new one. */
  block(): void;
  /** New connections get through again. */
  unblock(): void;
  /** From now on nothing passes in either direction, and nobody is told. */
  swallow(): void;
  /** How many connections the server still takes for open. */
  open(): number;
  close(): Promise<void>;
};

export async function startCutter(target: number): Promise<Cutter> {
  const pairs = new Set<{ client: Socket; server: Socket }>();
  let blocked = false;
  const relay = createServer((client) => {
    if (blocked) {
      client.destroy();
      return;
    }
    const server = connect(target, "127.0.0.1");
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    client.pipe(server);
    server.pipe(client);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const address = relay.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut() {
      for (const { client } of pairs) client.destroy();
    },
    deafen() {
      for (const { client, server } of pairs) server.unpipe(client).resume();
    },
    block() {
      blocked = true;
      for (const { client } of pairs) client.destroy();
    },
    unblock() {
      blocked = false;
    },
    swallow() {
      for (const { client, server } of pairs) {
        server.unpipe(client).resume();
        client.unpipe(server).resume();
      }
    },
    open: () => pairs.size,
    async close() {
      relay.close();
      for (const { client } of pairs) client.destroy();
      await once(relay, "close");
    },
  };
}
