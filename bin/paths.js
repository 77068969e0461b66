// Where things are. Nothing in bin/ has dependencies: these files run before anything is installed.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The path of something in the repository. */
export const at = (/** @type {string[]} */ ...parts) => join(root, ...parts);

const pinned = at("node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

/** The pinned Node if it is installed, else the one that runs this, if that one is new enough. */
export function node() {
  if (existsSync(pinned)) return pinned;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `Node ${process.versions.node} is too old and the pinned one is missing (were install scripts switched off?)`,
  );
}
