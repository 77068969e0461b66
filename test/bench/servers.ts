import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { at, node } from "../../bin/paths.js";
import { freePort } from "../support/freePort.ts";
import { runParley } from "../support/process.ts";
import type { MemoryTold } from "./probe.ts";
import type { Stores } from "./stores.ts";

/** A server process under measurement. */
export type Measured = {
  name: "parley" | "bare";
  pid: number;
  port: number;
  /** What it holds after a collection of its garbage, in bytes. */
  memory(): Promise<{ rss: number; heapUsed: number; external: number }>;
  end(): Promise<void>;
};

const probe = pathToFileURL(at("test/bench/probe.ts")).href;
/** For both alike: the probe, and what whoever profiles adds in BENCH_NODE_OPTIONS. */
const nodeOptions = `--import=${probe} ${process.env.BENCH_NODE_OPTIONS ?? ""}`;

/** The real server, as in production but for the limits that protect it from floods like this one. */
export async function startParley(stores: Stores): Promise<Measured> {
  const parley = await runParley({
    dataDir: stores.dataDir,
    env: {
      ...stores.env,
      NODE_ENV: "production",
      NODE_OPTIONS: nodeOptions,
      EVENTS_PER_SECOND: "1000000",
      SOCKETS_PER_ADDRESS: "1000000",
    },
  });
  await parley.ready();
  return measured("parley", parley.child, parley.port, () => parley.end());
}

/** The bare relay. */
export async function startBare(): Promise<Measured> {
  const port = await freePort();
  const child = spawn(node(), [at("test/bench/bare.ts")], {
    env: { ...process.env, PORT: String(port), NODE_ENV: "production", NODE_OPTIONS: nodeOptions },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const killOnExit = () => child.kill("SIGKILL");
  process.on("exit", killOnExit);
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return measured("bare", child, port, async () => {
    process.off("exit", killOnExit);
    child.kill("SIGTERM");
    await once(child, "exit");
  });
}

function measured(
  name: Measured["name"],
  child: ChildProcess,
  port: number,
  end: () => Promise<unknown>,
): Measured {
  let ending = false;
  child.once("exit", (code, signal) => {
    if (!ending) throw new Error(`the ${name} server ended by itself: ${code ?? signal}`);
  });
  return {
    name,
    pid: child.pid ?? 0,
    port,
    async memory() {
      const told = once(child, "message");
      child.send({ bench: "memory" });
      const [{ rss, heapUsed, external }] = (await told) as [MemoryTold];
      return { rss, heapUsed, external };
    },
    async end() {
      ending = true;
      await end();
    },
  };
}
