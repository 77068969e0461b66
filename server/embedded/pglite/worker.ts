import { parentPort, workerData } from "node:worker_threads";
import { PGlite, types } from "@electric-sql/pglite";
import type { Call, Said, WorkerData } from "./calls.ts";

/**
 * PGlite in a thread of its own: its WASM runs for milliseconds without a break and would starve the
 * sockets of the main thread. An error that isn't SQL's answer leaves the database in an unknown
 * state, so it is not caught here: the thread dies with it, and the client starts a new one, which
 * recovers from the write-ahead log.
 */
if (!parentPort) throw new Error("worker.ts runs as a worker thread");
const port = parentPort;
const { dataDir } = workerData as WorkerData;

const say = (said: Said) => port.postMessage(said);

const db = await PGlite.create({
  dataDir,
  // Every number of ours is below 2^53, so int8 needs no BigInt.
  parsers: { [types.INT8]: Number },
  // The default of 128 MB is for servers; this is memory for good, since WASM never gives any back.
  postgresqlconf: ["shared_buffers = 32MB"],
});
say({ kind: "opened" });

port.on("message", (call: Call) => {
  // One rejection here ends the thread: see above.
  void answer(call);
});

async function answer(call: Call): Promise<void> {
  try {
    say({ kind: "rows", id: call.id, rows: await run(call) });
    if (call.kind === "close") port.close();
  } catch (error) {
    const refused = sqlError(error);
    if (!refused) throw error;
    say({ kind: "refused", id: call.id, ...refused });
  }
}

async function run(call: Call): Promise<object[]> {
  switch (call.kind) {
    case "query":
      return (await db.query<object>(call.sql, [...call.params])).rows;
    case "script":
      await db.exec(call.sql);
      return [];
    case "close":
      await db.close();
      return [];
  }
}

function sqlError(error: unknown): { code: string; message: string } | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string")
    return null;
  // FATAL and PANIC end the backend, which here is the thread.
  const ends = "severity" in error && error.severity !== "ERROR";
  return ends ? null : { code: error.code, message: error.message };
}
