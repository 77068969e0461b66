// Builds what browsers load, unless the last build was made from the very same sources.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { at, node } from "./paths.js";
import { run } from "./run.js";

/** A mode of vite.config.ts and a file it certainly leaves. */
const targets = [
  { mode: "loader", output: "dist/widget.js" },
  { mode: "frame", output: "dist/frame/index.html" },
  { mode: "console", output: "dist/console/index.html" },
];

/** Everything the result depends on; the lock file stands for the packages. */
const inputs = ["widget", "console", "shared", "vite.config.ts", "package-lock.json"];
const stamp = at("dist/.built");

export const modes = targets.map(({ mode }) => mode);

/**
 * @param {(line: string) => void} say
 * @param {{ always?: boolean }} [options] always: even if nothing changed
 */
export async function bundle(say, { always = false } = {}) {
  const sources = fingerprint();
  if (!always && isBuilt(sources)) return;
  say("Building widget and console …");
  forget();
  const vite = at("node_modules/vite/bin/vite.js");
  const builds = modes.map((mode) =>
    // Whoever asks for it, a test run among them, gets what is shipped.
    run(node(), [vite, "build", "--mode", mode, "--logLevel", "warn"], {
      env: { NODE_ENV: "production" },
    }),
  );
  for (const { code, output } of await Promise.all(builds)) {
    if (code !== 0) throw new Error(`The build failed\n${output}`);
    if (output.trim()) say(output.trim());
  }
  mkdirSync(at("dist"), { recursive: true });
  writeFileSync(stamp, sources);
}

/** What is in dist from here on is no longer what the stamp says. */
export const forget = () => rmSync(stamp, { force: true });

/** @param {string} sources */
function isBuilt(sources) {
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== sources) return false;
  return targets.every(({ output }) => existsSync(at(output)));
}

/** Contents rather than times, because times say nothing after a checkout. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap(files)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(at(file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function files(path) {
  if (!existsSync(at(path))) return [];
  if (statSync(at(path)).isFile()) return [path];
  return readdirSync(at(path))
    .sort()
    .flatMap((name) => files(join(path, name)));
}
