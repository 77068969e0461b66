import type { Millis } from "#shared/model/time.ts";
import type { Answer, Polled } from "#shared/protocol/sockets.ts";
import type { Tell, Wire } from "./wire.ts";

/** Whose requests these are. */
export type Caller = {
  url: string;
  site: string;
  token: string;
  ticket: string;
  locale: string;
  zone: string;
};

/** The server answers after 25 s at the latest; what takes this long has no other end any more. */
const longest: Millis = 40_000;
/** Between two tries whether WebSockets pass by now. */
const retryAfter: Millis = 5 * 60_000;
const probeTime: Millis = 10_000;

const standing = new WeakSet<Wire>();

/**
 * For networks that block WebSockets (decision 13): where plain HTTP is answered and a WebSocket
 * isn't, the same wire goes over HTTP from now on, until a WebSocket passes again or all is `over`.
 */
export async function standIn(
  wire: Wire,
  tell: Tell,
  caller: Caller,
  over: AbortSignal,
): Promise<void> {
  if (standing.has(wire)) return;
  standing.add(wire);
  const http = () => httpAnswers(caller, over);
  const socket = () => socketOpens(caller.url, over);
  try {
    // Asked before and after: a server that is full now and then refuses both ways by turns.
    if (!(await http()) || (await socket()) || !(await http())) return;
    // It may have come through after all.
    if (wire.isOpen()) return;
    const own = { ...wire };
    own.disconnect();
    Object.assign(wire, pollWire(tell, caller));
    // Whoever waits for the socket that was being opened is told to try again, which is now another way.
    tell("refused");
    do await pause(retryAfter, over);
    while (!over.aborted && !(await socket()));
    if (over.aborted) return;
    wire.disconnect();
    Object.assign(wire, own);
    tell("disconnect");
  } finally {
    standing.delete(wire);
  }
}

const pause = (wait: Millis, over?: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (over?.aborted) return resolve();
    const timer = setTimeout(resolve, wait);
    over?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Asks what would stand in: a server that is full, draining or without its database refuses that as it
 * refuses sockets, and is no network that blocks them.
 */
async function httpAnswers(caller: Caller, over: AbortSignal): Promise<boolean> {
  try {
    const answer = (await request(caller, "poll", {}, probeTime, {}, over)) as Answer<Polled>;
    // Refused for good is an answer too, which has to reach the visitor.
    return answer.ok || !answer.refusal.retry;
  } catch {
    // Nobody there, or not our server that answered.
    return false;
  }
}

/** Only the server's own first word counts: some proxies agree and then say nothing. */
function socketOpens(url: string, over: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (over.aborted) return resolve(false);
    const socket = new WebSocket(
      `${url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`,
    );
    const end = (opened: boolean) => {
      clearTimeout(timer);
      over.removeEventListener("abort", fail);
      socket.close();
      resolve(opened);
    };
    const fail = () => end(false);
    const timer = setTimeout(fail, probeTime);
    over.addEventListener("abort", fail);
    socket.onmessage = () => end(true);
    socket.onerror = socket.onclose = fail;
  });
}

/** One request of the visitor's, called off when it takes longer than `wait`. */
async function request(
  { url, site, token, ticket, locale, zone }: Caller,
  path: string,
  more: Record<string, string>,
  wait: Millis,
  init: RequestInit,
  calledOff: AbortSignal,
): Promise<unknown> {
  calledOff.throwIfAborted();
  const query = new URLSearchParams({ site, locale, zone, ...more });
  const tooLate = new AbortController();
  const abort = () => tooLate.abort();
  const timer = setTimeout(abort, wait);
  calledOff.addEventListener("abort", abort);
  try {
    const response = await fetch(`${url}/api/visitor/${path}?${query}`, {
      cache: "no-store",
      credentials: "omit",
      ...init,
      headers: { authorization: `Bearer ${token}`, "parley-ticket": ticket, ...init.headers },
      signal: tooLate.signal,
    });
    return response.status === 204 ? null : await response.json();
  } finally {
    clearTimeout(timer);
    calledOff.removeEventListener("abort", abort);
  }
}

/** The wire over plain HTTP: every event a POST, and a long poll for what the server has to say. */
export function pollWire(tell: Tell, caller: Caller): Omit<Wire, "on"> {
  /** Aborted when this connection is over. */
  let line: AbortController | null = null;
  let turn: AbortController | null = null;
  let watched: { conversation: string; since: number } | null = null;

  const post = (event: string, payload: unknown, wait: Millis, from: AbortController) => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(payload),
    };
    return request(caller, event, {}, wait, init, from.signal);
  };

  /** What was joined, and how far it is known, is what the next poll asks for. */
  function watch(conversation: string, since: number): void {
    watched = { conversation, since };
    turn?.abort();
  }

  async function listen(from: AbortController): Promise<void> {
    let seen = "";
    while (line === from) {
      const asked = new AbortController();
      turn = asked;
      const calledOff = () => asked.abort();
      from.signal.addEventListener("abort", calledOff);
      const known: Record<string, string> = watched
        ? { conversation: watched.conversation, since: String(watched.since) }
        : {};
      try {
        const answer = (await request(
          caller,
          "poll",
          { ...known, ...(seen && { seen }) },
          longest,
          {},
          asked.signal,
        )) as Answer<Polled>;
        if (line !== from) return;
        if (answer.ok) {
          seen = answer.seen;
          for (const signal of answer.signals) if (line === from) take(signal);
        } else if (answer.refusal.retry) await pause(answer.refusal.retryAfterMs ?? 1_000);
        else break;
      } catch {
        if (!asked.signal.aborted) break;
      } finally {
        from.signal.removeEventListener("abort", calledOff);
      }
    }
    if (line !== from) return;
    disconnect();
    tell("disconnect");
  }

  function take([name, message]: Polled["signals"][number]): void {
    if (name === "events" && watched?.conversation === message.conversation) {
      watched.since = Math.max(watched.since, message.events.at(-1)?.seq ?? 0);
    }
    tell(name, message);
  }

  function disconnect(): void {
    line?.abort();
    line = null;
  }

  return {
    isOpen: () => line !== null,
    disconnect,
    connect() {
      disconnect();
      const from = new AbortController();
      line = from;
      turn = null;
      watched = null;
      // Like a socket, not before whoever asked is ready to hear it.
      queueMicrotask(() => {
        if (line === from) tell("connect");
      });
    },
    emit(event, payload) {
      // May be lost.
      if (line) post(event, payload, probeTime, line).catch(() => undefined);
    },
    async emitWithAck(event, payload, patience) {
      const from = line;
      if (!from) throw new Error("not connected");
      const answer = (await post(event, payload, patience, from)) as Answer<{
        head?: { head: number };
      }>;
      if (line !== from) throw new Error("not connected");
      const { conversation } = payload as { conversation?: string };
      if (answer.ok && event === "hello" && !turn) void listen(from);
      if (answer.ok && event === "join" && conversation) {
        watch(conversation, answer.head?.head ?? 0);
      }
      return answer;
    },
  };
}
