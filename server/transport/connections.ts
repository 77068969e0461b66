import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Socket } from "socket.io";
import type { Connection, ReceiveLog } from "./receive.ts";
import type { SocketsLog } from "./sockets.ts";

/** Seconds of events in one window, so that a burst after a reconnect isn't refused. */
const window = 2;
/** Whoever goes on this many windows' worth beyond being told to wait is cut off. */
const patience = 5;

export type Connections = {
  connect(socket: Socket): Connection;
  /** Resolves once everything taken so far has been answered. */
  answered(): Promise<void>;
};

/**
 * Makes the `Connection` every socket event is received through. The budget belongs to the network
 * connection: both namespaces on one share it.
 */
export function createConnections(options: {
  eventsPerSecond: number;
  draining(): boolean;
  log: ReceiveLog & Pick<SocketsLog, "cut">;
}): Connections {
  const { draining, log } = options;
  const points = options.eventsPerSecond * window;
  const limiter = new RateLimiterMemory({ points, duration: window });
  const taken = new Set<Promise<void>>();
  const connect = (socket: Socket): Connection => ({
    id: socket.id,
    draining,
    log,
    underWay(work) {
      const done = work.finally(() => taken.delete(done));
      taken.add(done);
      return done;
    },
    async limit() {
      try {
        await limiter.consume(networkId(socket));
        return 0;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        if (refused.consumedPoints > points * patience && socket.connected) {
          log.cut(socket.id, "flood");
          socket.disconnect(true);
        }
        return Math.max(1, refused.msBeforeNext);
      }
    },
  });
  return {
    connect,
    async answered() {
      await Promise.all(taken);
    },
  };
}

/** Engine.IO's own id of the connection, which its types hide. */
const networkId = ({ conn }: Socket): string => (conn as unknown as { id: string }).id;
