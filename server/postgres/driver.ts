/**
 * What the Ledger needs from a SQL database: PostgreSQL over a pool of connections, or PGlite in a
 * worker. There is no `transaction(fn)` on purpose: each call is one statement and one transaction,
 * so none is ever open while other code awaits (decision 8; on PGlite's single connection
 * that would hang for ever). What must be atomic is one statement or one SQL function.
 *
 * Both drivers answer int8 as number and json as parsed values; xid8 stays text.
 */
export interface Driver {
  /** How many statements are worth having under way at once. */
  readonly concurrency: number;
  /** Whether background workers clean tables and keep statistics; if not, it is done at each start. */
  readonly autovacuum: boolean;
  /**
   * One statement, planned once per connection. Throws `LedgerUnavailable` when the database can't be
   * reached or the outcome is unknown, `SqlError` when the database refused the statement.
   */
  query<Row extends object>(sql: string, params?: readonly Param[]): Promise<Row[]>;
  /** Several statements without parameters, all or none, not bound by the statement timeout. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

export type Param = string | number | boolean | null | readonly string[];

/** The database understood the statement and refused it; nothing of it was kept. */
export class SqlError extends Error {
  override readonly name = "SqlError";
  /** SQLSTATE. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export const uniqueViolation = "23505";

/** Serialization failure and deadlock: nothing was kept, and sending it again may well succeed. */
export const isPassing = (code: string): boolean => code === "40001" || code === "40P01";

/**
 * The database is there but can't serve: connection (08), resources (53), cancelled or shutting down
 * (57), system (58), read-only after a failover, lock timeout. The caller is told to try again.
 */
export const isUnavailable = (code: string): boolean =>
  /^(08|53|57|58)/.test(code) || code === "25006" || code === "55P03" || isPassing(code);
