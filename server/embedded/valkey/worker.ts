import "./quietWasi.ts";
import { parentPort, workerData } from "node:worker_threads";
import type { Limits } from "./server.ts";

// Static imports of WASI come before any code: only this way the line above is in time.
const { PromptValkey } = await import("./server.ts");

/** What the thread is given: ports to try, in order, and what to set. */
export type Orders = Limits & { ports: readonly number[] };
/** What the thread says: that it serves on a port, or a line of Valkey's log. */
export type Report = { up: number } | { line: string };

const orders = workerData as Orders;
const report = (said: Report) => parentPort?.postMessage(said);

report({ up: await serve() });

async function serve(): Promise<number> {
  for (const port of orders.ports) {
    const server = new PromptValkey(port, orders, (line) => report({ line }));
    try {
      await server.start();
      return port;
    } catch (error) {
      await server.stop();
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
  throw new Error(`no free port on 127.0.0.1 among ${orders.ports.join(", ")}`);
}
