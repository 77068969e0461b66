import type { Socket } from "socket.io";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { Connection, ReceiveLog } from "./receive.ts";
import { type SocketsLog, unreadBytes } from "./sockets.ts";

/** Long enough that a burst after a reconnect isn't refused. */
const window: Millis = seconds(2);
/** Whoever goes on this many windows' worth beyond being told to wait is cut off. */
const patience = 5;
/** Events of one connection that may be under way at once: stores that stall would gather any number. */
const mostUnanswered = 64;
/** When to come again; nobody knows how long a store stalls. */
const stalled: Millis = seconds(1);

export type Connections = {
  connect(socket: Socket): Connection;
  /** Requests over plain HTTP have a budget together when they come from the same `caller`. */
  request(caller: string): Connection;
  /** Resolves once everything taken so far has been answered. */
  answered(): Promise<void>;
};

/** What a network connection has used of its present window. */
type Budget = { used: number; until: number };

/**
 * Makes the `Connection` every event is received through. The budget belongs to the network
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
  const callers = new Map<string, Budget>();
  let forgetAt = 0;
  let unanswered = 0;
  /** By network connection, or by caller over plain HTTP. */
  const underWay = new Map<object | string, number>();
  let waiting: (() => void)[] = [];

  function budgetOf({ conn }: Socket, now: number): Budget {
    const known = budgets.get(conn);
    if (known && now < known.until) return known;
    const fresh = { used: 0, until: now + window };
    budgets.set(conn, fresh);
    return fresh;
  }

  function callersBudget(caller: string, now: number): Budget {
    if (now >= forgetAt) {
      for (const [key, { until }] of callers) if (until <= now) callers.delete(key);
      forgetAt = now + window;
    }
    const known = callers.get(caller);
    if (known && now < known.until) return known;
    const fresh = { used: 0, until: now + window };
    callers.set(caller, fresh);
    return fresh;
  }

  /** `flooded` is told of whoever goes on and on. */
  const connection = (
    id: string,
    key: object | string,
    budgetAt: (now: number) => Budget,
    flooded: () => void,
    unread: () => number,
  ): Connection => ({
    id,
    draining,
    unread,
    log,
    taken() {
      unanswered += 1;
      underWay.set(key, (underWay.get(key) ?? 0) + 1);
    },
    answered() {
      unanswered -= 1;
      const left = (underWay.get(key) ?? 0) - 1;
      if (left > 0) underWay.set(key, left);
      else underWay.delete(key);
      if (unanswered > 0) return;
      for (const told of waiting) told();
      waiting = [];
    },
    limit() {
      const now = performance.now();
      const budget = budgetAt(now);
      budget.used += 1;
      if (budget.used <= most) {
        return (underWay.get(key) ?? 0) > mostUnanswered ? stalled : 0;
      }
      if (budget.used > most * patience) flooded();
      return Math.ceil(budget.until - now);
    },
  });
  return {
    connect: (socket) =>
      connection(
        socket.id,
        socket.conn,
        (now) => budgetOf(socket, now),
        () => {
          if (!socket.connected) return;
          log.cut(socket.id, "flood");
          socket.disconnect(true);
        },
        () => unreadBytes(socket.conn as unknown as Parameters<typeof unreadBytes>[0]),
      ),
    request: (caller) =>
      connection(
        caller,
        caller,
        (now) => callersBudget(caller, now),
        // Each request is answered by itself: there is nothing to cut, and refusing costs little.
        () => undefined,
        () => 0,
      ),
    async answered() {
      if (unanswered > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
