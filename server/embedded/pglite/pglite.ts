import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { LedgerUnavailable } from "../../ports.ts";
import type { Driver } from "../../postgres/driver.ts";
import { failure } from "../../postgres/failure.ts";
import type { Call, Said, WorkerData } from "./calls.ts";

type Ask = Call extends infer C ? (C extends { id: number } ? Omit<C, "id"> : never) : never;

type Waiter = { resolve: (rows: object[]) => void; reject: (error: Error) => void };

export type Pglite = Driver & {
  /** Ends the thread as a crash would; for tests of what follows. */
  crash(): Promise<void>;
};

export type PgliteOptions = {
  /** Told what takes time while opening. */
  progress?: (line: string) => void;
};

/**
 * The embedded database, in `dataDir`/pglite; the caller must hold the directory's lock. A thread
 * that dies fails the calls it had with `LedgerUnavailable`; the next call starts another one.
 * Survives the death of the process, not a loss of power: PGlite never calls fsync.
 */
export async function openPglite(
  dataDir: string,
  { progress }: PgliteOptions = {},
): Promise<Pglite> {
  const folder = join(dataDir, "pglite");
  await mkdir(folder, { recursive: true });
  const isNew = !existsSync(join(folder, "PG_VERSION"));
  if (isNew) {
    progress?.("Preparing the embedded database");
    await prepare(folder);
  }
  let thread: Thread | null = null;
  let closing: Promise<void> | null = null;

  const ask = (call: Ask): Promise<object[]> => {
    if (closing !== null)
      return Promise.reject(new LedgerUnavailable("the embedded database is closed"));
    if (!thread?.alive()) thread = startThread(folder);
    return thread.ask(call);
  };

  const opened = startThread(folder);
  thread = opened;
  await opened.opened;

  return {
    concurrency: 1,
    autovacuum: false,
    async query<Row extends object>(sql: string, params: Parameters<Driver["query"]>[1] = []) {
      // The rows are what the statement selects; only its author can say of which type.
      return (await ask({ kind: "query", sql, params })) as Row[];
    },
    async script(sql) {
      await ask({ kind: "script", sql });
    },
    close() {
      const open = thread?.alive() ? thread : null;
      closing ??= open ? open.end() : Promise.resolve();
      return closing;
    },
    async crash() {
      await thread?.crash();
    },
  };
}

/**
 * Creating the database takes several hundred megabytes, which WASM keeps until its thread ends; so
 * a thread of its own does that and ends.
 */
async function prepare(folder: string): Promise<void> {
  const thread = startThread(folder);
  await thread.opened;
  await thread.end();
}

type Thread = ReturnType<typeof startThread>;

function startThread(folder: string) {
  const data: WorkerData = { dataDir: folder };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: data });
  const waiters = new Map<number, Waiter>();
  let alive = true;
  let asked = 0;
  let cause: unknown = null;
  const opening = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  // A thread started by a call reports through that call.
  opening.promise.catch(() => {});

  worker.on("message", (said: Said) => {
    if (said.kind === "opened") return opening.resolve();
    const waiter = waiters.get(said.id);
    waiters.delete(said.id);
    if (said.kind === "rows") waiter?.resolve(said.rows);
    else waiter?.reject(failure(said.code, said.message, null));
  });
  worker.on("error", (error) => {
    cause = error;
  });
  worker.on("exit", () => {
    alive = false;
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    const lost = new LedgerUnavailable(`the embedded database's thread ended${why}`, { cause });
    opening.reject(lost);
    for (const waiter of waiters.values()) waiter.reject(lost);
    waiters.clear();
    ended.resolve();
  });

  function ask(call: Ask): Promise<object[]> {
    return new Promise((resolve, reject) => {
      asked += 1;
      waiters.set(asked, { resolve, reject });
      worker.postMessage({ ...call, id: asked });
    });
  }

  return {
    opened: opening.promise,
    alive: () => alive,
    ask,
    async end() {
      await ask({ kind: "close" });
      await ended.promise;
    },
    async crash() {
      await worker.terminate();
    },
  };
}
