import type { Socket } from "socket.io";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { Connection, ReceiveLog } from "./receive.ts";
import type { SocketsLog } from "./sockets.ts";

/** Long enough that a burst after a reconnect isn't refused. */
const window: Millis = seconds(2);
/** Whoever goes on this many windows' worth beyond being told to wait is cut off. */
const patience = 5;

export type Connections = {
  connect(socket: Socket): Connection;
  /** Resolves once everything taken so far has been answered. */
  answered(): Promise<void>;
};

/** What a network connection has used of its present window. */
type Budget = { used: number; until: number };

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
  const most = (options.eventsPerSecond * window) / seconds(1);
  const budgets = new WeakMap<object, Budget>();
  const taken = new Set<Promise<void>>();

  function budgetOf({ conn }: Socket, now: number): Budget {
    const known = budgets.get(conn);
    if (known && now < known.until) return known;
    const fresh = { used: 0, until: now + window };
    budgets.set(conn, fresh);
    return fresh;
  }

  const connect = (socket: Socket): Connection => ({
    id: socket.id,
    draining,
    log,
    underWay(work) {
      const done = work.finally(() => taken.delete(done));
      taken.add(done);
      return done;
    },
    limit() {
      const now = performance.now();
      const budget = budgetOf(socket, now);
      budget.used += 1;
      if (budget.used <= most) return 0;
      if (budget.used > most * patience && socket.connected) {
        log.cut(socket.id, "flood");
        socket.disconnect(true);
      }
      return Math.ceil(budget.until - now);
    },
  });
  return {
    connect,
    async answered() {
      await Promise.all(taken);
    },
  };
}
