// Makes node_modules what package-lock.json says.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { at } from "./paths.js";
import { run } from "./run.js";

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} Entry
 */

/** @param {(line: string) => void} say */
export async function install(say) {
  const first = !existsSync(at("node_modules"));
  if (installed()) return;
  say(`Installing packages (${first ? "first run, " : ""}about half a minute) …`);
  // The npm that started us if there is one: it may not be the one on the path.
  const npm = process.env.npm_execpath ?? "";
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, output } = /^npm/.test(basename(npm))
    ? await run(process.execPath, [npm, ...args])
    : await run("npm", args);
  if (code !== 0) throw new Error(`npm ci failed (${code})\n${output}`);
}

/**
 * Compares contents, because times say nothing after a checkout or a copy: npm leaves a list of
 * what it installed beside the packages, in the lock file's own format.
 */
export function installed() {
  const wanted = packages(at("package-lock.json"));
  const present = packages(at("node_modules/.package-lock.json"));
  const same = (/** @type {Entry} */ a, /** @type {Entry} */ b) =>
    a.version === b.version && a.integrity === b.integrity;
  // Optional packages are for other platforms as often as not, so they may be absent.
  const complete = Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    if (path === "") return true;
    return found ? same(found, entry) : entry.optional === true;
  });
  return complete && Object.keys(present).every((path) => path in wanted);
}

/**
 * @param {string} file
 * @returns {Record<string, Entry>}
 */
function packages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}
