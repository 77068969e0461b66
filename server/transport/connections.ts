import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Socket } from "socket.io";
import type { Connection, ReceiveLog } from "./receive.ts";

/** Makes the `Connection` every socket event is received through. */
export function createConnections(options: {
  eventsPerSecond: number;
  draining(): boolean;
  log: ReceiveLog;
}): (socket: Socket) => Connection {
  // Two seconds' worth in one window, so that a burst after a reconnect isn't refused.
  const limiter = new RateLimiterMemory({ points: options.eventsPerSecond * 2, duration: 2 });
  return (socket) => ({
    id: socket.id,
    draining: options.draining,
    log: options.log,
    async limit() {
      try {
        await limiter.consume(socket.id);
        return 0;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext);
        throw refused;
      }
    },
  });
}
