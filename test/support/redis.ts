import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { tmpdir } from "node:os";
import { freePort } from "./freePort.ts";

/** A real Redis of a test's own, in memory only, on a port of its own. */
export type RedisServer = {
  readonly url: string;
  readonly process: ChildProcess;
  /** Kills it with SIGKILL, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts redis-server (or what REDIS_SERVER names); extra settings as on its command line. */
export async function startRedis(...settings: string[]): Promise<RedisServer> {
  const program = redisProgram();
  const port = await freePort();
  let running = await launch(program, port, settings);
  const end = async (signal: NodeJS.Signals) => {
    if (running.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    get process() {
      return running;
    },
    kill: () => end("SIGKILL"),
    async restart() {
      await end("SIGKILL");
      running = await launch(program, port, settings);
    },
    stop: () => end("SIGKILL"),
  };
}

function redisProgram(): string {
  const program = process.env.REDIS_SERVER;
  if (!program) {
    throw new Error(
      "These tests need a real Redis: install redis-server (apt-get install redis-server) or name one in REDIS_SERVER.",
    );
  }
  try {
    accessSync(program, constants.X_OK);
  } catch (cause) {
    throw new Error(`REDIS_SERVER names ${program}, which can't be run.`, { cause });
  }
  return program;
}

async function launch(program: string, port: number, settings: string[]): Promise<ChildProcess> {
  const child = spawn(
    program,
    [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--daemonize",
      "no",
      "--dir",
      tmpdir(),
      ...settings,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes("Ready to accept connections")) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with code ${code}:\n${said}`)));
  });
  return child;
}
