import { randomBytes, randomInt } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Orders, Report } from "./worker.ts";

export type EmbeddedValkey = {
  /** Stays the same over restarts, so that clients just reconnect. */
  readonly url: string;
  close(): Promise<void>;
};

export type ValkeyOptions = {
  /** Valkey died and is being started again, empty: the Desk has to be rebuilt. */
  onExit: (error: Error) => void;
  /** A warning in Valkey's own log. */
  onWarning?: (line: string) => void;
  maxMemoryBytes?: number;
};

/**
 * Some tens of thousands of waiting chats need a few megabytes; the rest is room for bursts. When it
 * is used up, writes are refused (`noeviction`): nothing is ever dropped behind our back.
 */
const defaultMaxMemoryBytes = 256 * 1024 * 1024;
/** Below the range from which outgoing connections take theirs, or a client could get our port. */
const ports = { from: 15_000, to: 32_000, tries: 20 };
const restartMs = { first: 50, most: 2_000 };
/** Lines of Valkey's log told with its death. */
const lastLines = 20;

/**
 * Valkey inside this process, in a thread of its own, on 127.0.0.1 with a random port and password.
 * It keeps nothing on disk: all it holds can be rebuilt from SQL. When the thread dies it is started
 * again on the same port with the same password.
 */
export async function openValkey(options: ValkeyOptions): Promise<EmbeddedValkey> {
  const { onExit, onWarning = (line) => process.emitWarning(line, "ValkeyWarning") } = options;
  const limits = {
    password: randomBytes(24).toString("base64url"),
    maxMemoryBytes: options.maxMemoryBytes ?? defaultMaxMemoryBytes,
  };
  const start = (candidates: readonly number[]) =>
    startWorker({ ...limits, ports: candidates }, onWarning);

  let running = await start(
    Array.from({ length: ports.tries }, () => randomInt(ports.from, ports.to)),
  );
  const { port } = running;
  const closing = new AbortController();
  const kept = keepRunning();

  async function keepRunning() {
    for (;;) {
      const error = await running.ended;
      if (closing.signal.aborted) return;
      onExit(error);
      await restart();
    }
  }

  async function restart() {
    let waitMs = restartMs.first;
    while (!closing.signal.aborted) {
      await setTimeout(waitMs);
      waitMs = Math.min(waitMs * 2, restartMs.most);
      try {
        running = await start([port]);
        if (closing.signal.aborted) await running.stop();
        return;
      } catch (error) {
        onExit(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  return {
    url: `redis://:${limits.password}@127.0.0.1:${port}`,
    async close() {
      closing.abort();
      await running.stop();
      await kept;
    },
  };
}

type Running = { port: number; ended: Promise<Error>; stop(): Promise<void> };

/** Resolves when it serves, rejects when it ends before that. */
async function startWorker(orders: Orders, onWarning: (line: string) => void): Promise<Running> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    name: "valkey",
    // However this process was started, the thread is plain Node.
    execArgv: [],
    workerData: orders,
  });
  const log: string[] = [];
  const ended = new Promise<Error>((resolve) => {
    let cause: unknown;
    worker.once("error", (error) => {
      cause = error;
    });
    worker.once("exit", (code) => {
      const said = log.length > 0 ? `; its last words:\n${log.join("\n")}` : "";
      const why = cause instanceof Error ? cause.message : `code ${code}`;
      resolve(new Error(`the embedded Valkey ended (${why})${said}`, { cause }));
    });
  });
  const up = new Promise<number>((resolve) => {
    let serving = false;
    worker.on("message", (said: Report) => {
      if ("up" in said) {
        serving = true;
        resolve(said.up);
        return;
      }
      const { warning, text } = parsed(said.line);
      log.push(text);
      if (log.length > lastLines) log.shift();
      // While starting it complains of settings that are made a moment later.
      if (serving && warning) onWarning(text);
    });
  });
  const port = await Promise.race([up, ended]);
  if (port instanceof Error) throw port;
  return {
    port,
    ended,
    async stop() {
      await worker.terminate();
    },
  };
}

/** A line is `1:M 22 Nov 2026 15:00:00.000 # text`; the sign is the level. Its date is wrong in WebAssembly. */
function parsed(line: string): { warning: boolean; text: string } {
  const [, level, text] = /^\d+:\w .*? ([.*#-]) (.*)$/.exec(line) ?? [];
  return { warning: level === "#", text: text ?? line };
}
