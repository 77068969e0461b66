import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

/**
 * Loaded into a measured server before its own code: on request over the channel it collects its
 * garbage and tells how much memory is left. It does nothing else and costs nothing meanwhile.
 */
export type MemoryAsked = { bench: "memory" };
export type MemoryTold = { bench: "memory"; rss: number; heapUsed: number; external: number };

if (isMainThread && process.send) {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  process.on("message", (message: Partial<MemoryAsked>) => {
    if (message.bench !== "memory") return;
    // Twice: what the first leaves to finalizers is gone after the second.
    collect();
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ bench: "memory", rss, heapUsed, external } satisfies MemoryTold);
  });
}
