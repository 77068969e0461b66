import type { z } from "zod";
import { type Refusal, type RefusalCode, refusal } from "#shared/protocol/refusals.ts";
import { DeskUnavailable, LedgerUnavailable } from "../ports.ts";

/** What the wrapper needs to know of the connection an event came through. */
export type Connection = {
  /** For log lines only: never a token or a name. */
  id: string;
  /** Milliseconds to wait before the next event is taken, 0 when it may be taken now. */
  limit(): Promise<number>;
  draining(): boolean;
  log: ReceiveLog;
};

export type ReceiveLog = {
  refused(event: string, connection: string, why: Refusal | "no_ack"): void;
  failed(event: string, connection: string, error: unknown): void;
};

type Reply = (answer: unknown) => void;
type Outcome = { ok: true } | { ok: false; refusal: Refusal };

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
    const reply = replyOf(args);
    if (!reply) return connection.log.refused(event, connection.id, "no_ack");
    const answer = await attempt(connection, event, schema, act, args);
    if (!answer.ok) connection.log.refused(event, connection.id, answer.refusal);
    reply(answer);
  };
}

/** The same for signals (typing): no answer, and what can't be taken is silently dropped. */
export function hear<Schema extends z.ZodType>(
  connection: Connection,
  event: string,
  schema: Schema,
  act: (input: z.output<Schema>) => Promise<Outcome>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const answer = await attempt(connection, event, schema, act, [args[0]]);
    if (!answer.ok) connection.log.refused(event, connection.id, answer.refusal);
  };
}

async function attempt<Schema extends z.ZodType>(
  connection: Connection,
  event: string,
  schema: Schema,
  act: (input: z.output<Schema>) => Promise<Outcome>,
  args: unknown[],
): Promise<Outcome> {
  try {
    const wait = await connection.limit();
    if (wait > 0) return refuse("rate", { retryAfterMs: wait });
    if (connection.draining()) return refuse("draining");
    const parsed = schema.safeParse(args[0]);
    if (!parsed.success) return refuse("invalid", { path: pathOf(parsed.error) });
    return await act(parsed.data);
  } catch (error) {
    if (error instanceof LedgerUnavailable || error instanceof DeskUnavailable) {
      return refuse("unavailable", { retryAfterMs: 1_000 });
    }
    connection.log.failed(event, connection.id, error);
    return refuse("unavailable");
  }
}

/** Refuses events this protocol doesn't have; known ones pass by. */
export function refuseUnknown(
  connection: Connection,
  known: ReadonlySet<string>,
): (event: string, ...args: unknown[]) => void {
  return (event, ...args) => {
    if (known.has(event)) return;
    const why = refusal("invalid", { path: "event" });
    connection.log.refused("unknown", connection.id, why);
    replyOf(args)?.({ ok: false, refusal: why });
  };
}

export const refuse = (
  code: RefusalCode,
  more: Omit<Refusal, "code" | "retry"> = {},
): { ok: false; refusal: Refusal } => ({ ok: false, refusal: refusal(code, more) });

const replyOf = (args: unknown[]): Reply | null => {
  const last = args.at(-1);
  return typeof last === "function" ? (last as Reply) : null;
};

function pathOf(error: z.ZodError): string {
  const path = error.issues[0]?.path.join(".") ?? "";
  return path.slice(0, 100) || "payload";
}
