import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another process uses the data directory: two PGlite on one directory destroy each other's rows. */
export class DataDirLocked extends Error {
  override readonly name = "DataDirLocked";
  readonly directory: string;

  constructor(directory: string) {
    super(
      `The data directory ${directory} is in use by another Parley server. Stop that one first.`,
    );
    this.directory = directory;
  }
}

export type DataDirLock = { release(): void };

const sqliteBusy = 5;

/**
 * Takes the data directory for this process alone, creating it if need be. The lock is SQLite's on
 * an empty file, thus the kernel's: it ends with the process, however that ends, so there is no
 * stale lock to judge and none that could be stolen from a living process (decision 20).
 */
export function lockDataDir(directory: string): DataDirLock {
  mkdirSync(directory, { recursive: true });
  const file = new DatabaseSync(join(directory, "lock"));
  try {
    file.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    file.close();
    throw isBusy(error) ? new DataDirLocked(directory) : error;
  }
  return { release: () => file.close() };
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && "errcode" in error && error.errcode === sqliteBusy;
