// Runs one command to its end.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter } from "node:path";
import { at, root } from "./paths.js";

/**
 * @typedef {object} Result
 * @property {number} code what a shell would call its exit status
 * @property {string} output both streams, empty when they were shown as they came
 */

/**
 * Tools are found in node_modules/.bin first, so they run on the pinned Node.
 * @param {string} command
 * @param {string[]} args
 * @param {{ show?: boolean, env?: Record<string, string> }} [options] show: print as it comes
 * @returns {Promise<Result>}
 */
export function run(command, args, { show = false, env = {} } = {}) {
  const path = `${at("node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: path, ...env },
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: status(code, signal), output }));
  });
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export function status(code, signal) {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}
