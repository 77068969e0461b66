import type { z } from "zod";
import { type Refusal, type RefusalCode, refusal } from "#shared/protocol/refusals.ts";
import { DeskUnavailable, LedgerUnavailable } from "../ports.ts";

/** What the wrapper needs to know of the connection an event came through. */
export type Connection = {
  /** For log lines only: never a token or a name. */
  id: string;
  /** Milliseconds to wait before the next event is taken, 0 when it may be taken now. */
  limit(): number;
  draining(): boolean;
  /** Bytes that wait for a client that reads slowly; 0 where each answer has its own way. */
  unread(): number;
  /** Closing waits for what was taken to be answered: each `taken` is followed by an `answered`. */
  taken(): void;
  answered(): void;
  log: ReceiveLog;
};

export type ReceiveLog = {
  refused(event: string, connection: string, why: Refusal): void;
  failed(event: string, connection: string, error: unknown): void;
};

type Reply = (answer: unknown) => void;
type Outcome = { ok: true } | { ok: false; refusal: Refusal };
/** A refusal needs no waiting, and a message costs less with every promise it does without. */
type Coming = Outcome | Promise<Outcome>;

/**
 * The one way in for every socket event (SPEC B1–B5): limit → parse → act → answer. Nothing a client
 * can send makes it throw, so nothing a client can send ends the process. An event that should be
 * acknowledged but brings no callback is dropped: whoever sent it doesn't speak the protocol.
 * `act` authorises first and returns a refusal rather than throwing one.
 */
export function receive<Schema extends z.ZodType>(
  connection: Connection,
  event: string,
  schema: Schema,
  act: (input: z.output<Schema>) => Promise<Outcome>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const { reply, payloads } = sorted(args);
    connection.taken();
    try {
      const answer = await attempt(connection, event, () =>
        reply ? parsed(schema, payloads, act) : refuse("invalid", { path: "ack" }),
      );
      reply?.(answer);
    } finally {
      connection.answered();
    }
  };
}

/** The same for signals (typing): no answer, and what can't be taken is dropped. */
export function hear<Schema extends z.ZodType>(
  connection: Connection,
  event: string,
  schema: Schema,
  act: (input: z.output<Schema>) => Promise<Outcome>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const { payloads } = sorted(args);
    connection.taken();
    try {
      await attempt(connection, event, () => parsed(schema, payloads, act));
    } finally {
      connection.answered();
    }
  };
}

/** Refuses events this protocol doesn't have; known ones pass by. */
export function refuseUnknown(
  connection: Connection,
  known: ReadonlySet<string>,
): (event: string, ...args: unknown[]) => void {
  const unknown = async (args: readonly unknown[]) => {
    const answer = await attempt(connection, "unknown", () => refuse("invalid", { path: "event" }));
    sorted(args).reply?.(answer);
  };
  // Known ones pass here as well, so nothing is made for them.
  return (event, ...args) => {
    if (!known.has(event)) void unknown(args);
  };
}

async function attempt(connection: Connection, event: string, act: () => Coming): Promise<Outcome> {
  const { log, id } = connection;
  try {
    const outcome = await admitted(connection, act);
    if (!outcome.ok) log.refused(event, id, outcome.refusal);
    return outcome;
  } catch (error) {
    if (error instanceof LedgerUnavailable || error instanceof DeskUnavailable) {
      return refuse("unavailable", { retryAfterMs: 1_000 });
    }
    log.failed(event, id, error);
    return refuse("unavailable");
  }
}

function admitted(connection: Connection, act: () => Coming): Coming {
  const wait = connection.limit();
  if (wait > 0) return refuse("rate", { retryAfterMs: wait });
  if (connection.draining()) return refuse("draining");
  return act();
}

function parsed<Schema extends z.ZodType>(
  schema: Schema,
  payloads: readonly unknown[],
  act: (input: z.output<Schema>) => Promise<Outcome>,
): Coming {
  if (payloads.length !== 1) return refuse("invalid", { path: "arguments" });
  const result = schema.safeParse(payloads[0]);
  if (!result.success) return refuse("invalid", { path: pathOf(result.error) });
  return act(result.data);
}

export const refuse = (
  code: RefusalCode,
  more: Omit<Refusal, "code" | "retry"> = {},
): { ok: false; refusal: Refusal } => ({ ok: false, refusal: refusal(code, more) });

/** Socket.IO hands the acknowledgement over as the last argument. */
function sorted(args: readonly unknown[]): { payloads: readonly unknown[]; reply: Reply | null } {
  const last = args.at(-1);
  return typeof last === "function"
    ? { payloads: args.slice(0, -1), reply: last as Reply }
    : { payloads: args, reply: null };
}

function pathOf(error: z.ZodError): string {
  const path = error.issues[0]?.path.join(".") ?? "";
  return path.slice(0, 100) || "payload";
}
