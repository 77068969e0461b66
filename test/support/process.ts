import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, root } from "../../bin/paths.js";
import { freePort } from "./freePort.ts";

/** What the server prints once it is ready. */
export type Printed = {
  seconds: number;
  /** Null where no demo is made. */
  shopUrl: string | null;
  consoleUrl: string;
  signIns: PrintedSignIn[];
};

/** A line of "Sign-ins" as it is printed at the first start. */
export type PrintedSignIn = { email: string; password: string; name: string; role: string };

export type Parley = {
  readonly port: number;
  readonly dataDir: string;
  /** Where the server answers, past any proxy. */
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far, both streams. */
  output(): string;
  /** Resolves once it says that it is ready; rejects when it ends before. */
  ready(): Promise<Printed>;
  /** How it ended, once it has. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal and waits for the end. */
  end(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

export type ParleyOptions = {
  env?: Readonly<Record<string, string>>;
  /** Given to start again on what an earlier one left. */
  dataDir?: string;
  port?: number;
  /** The server alone with a channel as the start script gives it, the start script, or npm. */
  by?: "server" | "script" | "npm";
};

const commands = {
  server: () => [node(), "server/main.ts"],
  script: () => [node(), "bin/start.js"],
  npm: () => ["npm", "start", "--silent"],
} as const;

/** Runs the real server as a process of its own, with nothing of this process's settings. */
export async function runParley(options: ParleyOptions = {}): Promise<Parley> {
  const { env = {}, by = "server" } = options;
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const [command = "", ...args] = commands[by]();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...bare(), PORT: String(port), DATA_DIR: dataDir, ...env },
    stdio: ["ignore", "pipe", "pipe", ...(by === "server" ? (["ipc"] as const) : [])],
  });
  let output = "";
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  const killOnExit = () => child.kill("SIGKILL");
  process.on("exit", killOnExit);
  void ended.then(() => process.off("exit", killOnExit));
  const heard = (bytes: Buffer) => {
    output += bytes.toString();
    child.emit("said");
  };
  child.stdout?.on("data", heard);
  child.stderr?.on("data", heard);

  return {
    port,
    dataDir,
    url: `http://127.0.0.1:${port}`,
    child,
    output: () => output,
    ended,
    async ready() {
      for (;;) {
        // The whole announcement is one write, which a pipe never takes apart.
        if (output.includes("Parley is ready")) return printed(output);
        if (child.exitCode !== null || child.signalCode !== null) {
          await ended;
          throw new Error(`the server ended before it was ready:\n${output}`);
        }
        await Promise.race([once(child, "said"), once(child, "exit")]);
      }
    },
    async end(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return await ended;
    },
  };
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "parley-e2e-"));
export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5 });

/** Only what programs need to be found: no setting of whoever runs the tests reaches the server. */
function bare(): Record<string, string> {
  const kept = ["PATH", "HOME", "TMPDIR", "LANG", "SystemRoot"];
  return Object.fromEntries(kept.flatMap((name) => entry(name, process.env[name])));
}

const entry = (name: string, value: string | undefined): [string, string][] =>
  value === undefined ? [] : [[name, value]];

function printed(output: string): Printed {
  const found = (pattern: RegExp) => pattern.exec(output)?.[1] ?? null;
  return {
    seconds: Number(found(/Parley is ready \(([\d.]+) s\)/)),
    shopUrl: found(/^ +Demo shop .*?(http\S+)$/m),
    consoleUrl: found(/^ +Console +(http\S+)$/m) ?? "",
    signIns: signInsIn(output),
  };
}

function signInsIn(output: string): PrintedSignIn[] {
  const lines = output.matchAll(/^ {4}(\S+@\S+) +(\S.*?) {2,}([^,\n]+), (\w+)$/gm);
  return Array.from(lines, ([, email = "", password = "", name = "", role = ""]) => ({
    email,
    password,
    name,
    role,
  }));
}

/** Processes started by this one, and by those, as the kernel lists them. */
export function descendantsOf(pid: number): number[] {
  if (!existsSync("/proc/self/stat")) throw new Error("These tests look for processes in /proc.");
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(Number(name)) }));
  const below = (one: number): number[] =>
    all.filter(({ parent }) => parent === one).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

export const isRunning = (pid: number): boolean => parentOf(pid) !== null;

/** Null for a process that is gone, or that has ended and only waits to be noticed. */
function parentOf(pid: number): number | null {
  try {
    // The name in brackets may hold anything, brackets too.
    const [state, parent] =
      readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return state === "Z" ? null : Number(parent);
  } catch {
    return null;
  }
}
