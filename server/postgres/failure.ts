import { LedgerUnavailable } from "../ports.ts";
import { isPassing, isUnavailable, SqlError } from "./driver.ts";

const triesInAll = 3;

/** What a SQLSTATE means to the Ledger's callers. */
export const failure = (code: string, message: string, cause: unknown): Error =>
  isUnavailable(code)
    ? new LedgerUnavailable(`${message} (${code})`, { cause })
    : new SqlError(code, message);

/** The SQLSTATE an error of either driver carries, or null for one that isn't the database's answer. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/**
 * Runs one statement; deadlocks and serialization failures are tried again at once. That is safe
 * because a driver's call is one statement in its own transaction, and these undo all of it.
 */
export async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await run();
    } catch (error) {
      const code = sqlState(error);
      if (code === null || !isPassing(code) || tries === triesInAll) throw error;
    }
  }
}
