import { Socket } from "node:net";
import pg from "pg";
import { LedgerUnavailable } from "../ports.ts";
import type { Driver, Param } from "./driver.ts";
import { again, failure, sqlState } from "./failure.ts";

/** Few: commits are batched, and PostgreSQL serves a short queue faster than a crowd. */
const connections = 6;
const connectMs = 5_000;
/** Longer than any statement of ours may take; the server gives up first, so we learn the outcome. */
const statementMs = 10_000;
const answerMs = 15_000;

const int8 = 20;
const float8 = 701;

/** Every number of ours is below 2^53 (milliseconds, counts), so int8 needs no BigInt. */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === int8 || oid === float8) return Number;
    return format === "binary"
      ? pg.types.getTypeParser(oid, "binary")
      : pg.types.getTypeParser(oid, "text");
  },
};

/** PostgreSQL 15 or newer through a pool of connections. Connects on first use. */
export function openPool(connectionString: string): Driver {
  const settings = {
    connectionString,
    types,
    application_name: "parley",
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    // commit_batch decides on what it sees after its locks: each statement needs a fresh snapshot.
    options: "-c default_transaction_isolation=read\\ committed -c jit=off",
  };
  const pool = new pg.Pool({
    ...settings,
    max: connections,
    statement_timeout: statementMs,
    stream: answering,
  });
  // A connection that dies while idle concerns nobody: the pool drops it and opens another on demand.
  pool.on("error", () => {});

  const names = new Map<string, string>();
  const nameOf = (sql: string) => {
    const name = names.get(sql) ?? `parley_${names.size}`;
    names.set(sql, name);
    return name;
  };

  return {
    concurrency: 2,
    autovacuum: true,
    async query<Row extends object>(text: string, params: readonly Param[] = []) {
      try {
        const values = [...params];
        const { rows } = await again(() => pool.query<Row>({ name: nameOf(text), text, values }));
        return rows;
      } catch (error) {
        throw translated(error);
      }
    },
    async script(sql) {
      const client = new pg.Client(settings);
      client.on("error", () => {
        // The query under way reports it.
      });
      try {
        await client.connect();
        await client.query(sql);
      } catch (error) {
        throw translated(error);
      } finally {
        await client.end();
      }
    },
    close: () => pool.end(),
  };
}

/**
 * A connection that says nothing for so long is dead; the pool itself closes idle ones sooner. The
 * client's own `query_timeout` makes a timer and closures for every statement, and what they hold, all
 * parameters included, outlives many collections.
 */
function answering(): Socket {
  const socket = new Socket();
  return socket.setTimeout(answerMs, () => socket.destroy(new Error("no answer")));
}

function translated(error: unknown): unknown {
  const code = sqlState(error);
  if (code !== null && error instanceof pg.DatabaseError)
    return failure(code, error.message, error);
  // Programming errors are ours; what else the client throws is the connection's.
  if (error instanceof TypeError || error instanceof RangeError || !(error instanceof Error)) {
    return error;
  }
  return new LedgerUnavailable(`PostgreSQL can't be reached: ${reason(error)}`, { cause: error });
}

/** Node reports a refused connection to a name with two addresses without a message of its own. */
const reason = (error: Error): string =>
  error.message || (error instanceof AggregateError ? String(error.errors[0]) : error.name);
