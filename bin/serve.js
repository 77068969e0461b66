// Runs one of the server's programs, with a channel that tells it when this process is gone.
import { spawn } from "node:child_process";
import { node, root } from "./paths.js";
import { status } from "./run.js";

/**
 * The channel tells it however this process went (kill -9 too).
 * @param {string[]} args
 * @param {{ apart?: boolean }} [options] apart: out of reach of the terminal's Ctrl-C, for whoever ends it in turn
 */
export function serve(args, { apart = false } = {}) {
  const child = spawn(node(), args, {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    detached: apart,
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(status(code, signal)));
  });
  return { child, ended };
}

/**
 * Calls `act` whenever this process is asked to end.
 * @param {(signal: NodeJS.Signals) => void} act
 */
export function whenEnding(act) {
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, act);
  }
}
