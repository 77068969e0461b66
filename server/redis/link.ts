import {
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  createClient,
  DisconnectsClientError,
  ErrorReply,
  type RedisClientType,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
} from "redis";
import type { Millis } from "#shared/model/time.ts";
import { DeskUnavailable } from "../ports.ts";

export type Client = RedisClientType;

/** A connection to Redis that answers or fails soon, and comes back by itself. */
export type Link = {
  /** Throws DeskUnavailable at once while Redis is away, and when the answer takes too long. */
  call<T>(action: (client: Client) => Promise<T>): Promise<T>;
  isUp(): boolean;
  close(): void;
};

export type LinkOptions = {
  /** Shown by Redis in its list of clients. */
  name: string;
  /** How long an answer may take. */
  callMs: Millis;
  /** Redis was lost; told once each time. */
  onError: (error: Error) => void;
  /** It is away or silent from now on. */
  onLoss: () => void;
  /** Redis answers again after it was away, over another connection, or was only silent. */
  onReturn: (after: "loss" | "silence") => void;
};

/** An idle connection asks for a sign of life; one that gives none is replaced. */
const pingMs = 2_000;
const silenceMs = 6_000;
const connectMs = 5_000;
const retryMs = { first: 50, most: 1_000, spread: 100 };

/** Connects, or says in one sentence why it can't. */
export async function openLink(url: string, options: LinkOptions): Promise<Link> {
  const { name, callMs, onError, onLoss, onReturn } = options;
  let opened = false;
  let lost = false;
  let silent = false;

  const client = createClient({
    ...checked(url),
    name,
    RESP: 3,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    // `call` watches the time; the client's own way costs an AbortSignal and an exception a command.
    commandOptions: { timeout: 0 },
    pingInterval: pingMs,
    socket: {
      connectTimeout: connectMs,
      socketTimeout: silenceMs,
      reconnectStrategy: (retries) => opened && retryAfter(retries),
    },
  });
  client.on("error", (error: Error) => {
    // Before it opened, the error is what connecting answers; while it is lost, each retry fails.
    if (!opened || (lost && !client.isReady)) return;
    lost = !client.isReady;
    if (lost) onLoss();
    onError(error);
  });
  client.on("ready", () => {
    lost = false;
    // Not here and now: the client takes what is thrown here for a failed connection.
    if (opened) queueMicrotask(() => onReturn("loss"));
  });

  try {
    await client.connect();
  } catch (error) {
    client.destroy();
    throw unreachable(url, error);
  }
  opened = true;

  /** One late answer is enough: those behind it are late too, so nobody else waits for nothing. */
  function fallSilent(answer: Promise<unknown>) {
    if (silent) return;
    silent = true;
    onLoss();
    const heard = () => {
      silent = false;
      if (client.isReady) onReturn("silence");
    };
    answer.then(heard, heard);
  }

  async function call<T>(action: (client: Client) => Promise<T>): Promise<T> {
    if (silent || !client.isReady) throw new DeskUnavailable("Redis is away");
    let timer: NodeJS.Timeout | undefined;
    let answered = false;
    const answer = action(client).finally(() => {
      answered = true;
    });
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        // If this process was the slow one, the answer lies in the socket and is read now.
        setImmediate(() => {
          if (answered) return;
          fallSilent(answer);
          reject(new DeskUnavailable(`Redis gave no answer within ${callMs} ms`));
        });
      }, callMs);
    });
    try {
      return await Promise.race([answer, late]);
    } catch (error) {
      throw meaning(error);
    } finally {
      clearTimeout(timer);
    }
  }

  return { call, isUp: () => client.isReady && !silent, close: () => client.destroy() };
}

function retryAfter(retries: number): Millis {
  const wait = Math.min(retryMs.first * 2 ** retries, retryMs.most);
  return wait + Math.random() * retryMs.spread;
}

function checked(url: string): { url: string } {
  const scheme = URL.parse(url)?.protocol;
  if (scheme !== "redis:" && scheme !== "rediss:") {
    throw new Error(
      `The Redis address must look like redis://host:6379, not ${withoutSecrets(url)}`,
    );
  }
  return { url };
}

function unreachable(url: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Can't reach Redis at ${withoutSecrets(url)}: ${why}`, { cause });
}

function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : "what was given";
}

const connectionErrors = [
  AbortError,
  ClientClosedError,
  ClientOfflineError,
  ConnectionTimeoutError,
  DisconnectsClientError,
  SocketClosedUnexpectedlyError,
  SocketTimeoutError,
];

/** Redis is there but can't serve: starting, failing over, full, or busy with somebody's script. */
const passingReplies =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|OOM|BUSY|UNKILLABLE)\b/;

/** What a failure means to the Desk's callers; bugs stay what they are. */
function meaning(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const passing =
    error instanceof ErrorReply
      ? passingReplies.test(error.message)
      : "syscall" in error || connectionErrors.some((kind) => error instanceof kind);
  return passing ? new DeskUnavailable(error.message, { cause: error }) : error;
}
