// The three programs the tests need besides Node, and where they are.
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/**
 * @typedef {object} Tool
 * @property {string} variable an environment variable that names it and goes before all searching
 * @property {string} means what the variable holds
 * @property {string} debian the package that brings it
 * @property {() => string | undefined} find
 */

/** @type {Tool[]} */
const tools = [
  {
    variable: "CHROMIUM",
    means: "path of a Chromium or Chrome",
    debian: "chromium",
    find: () => onPath("chromium", "chromium-browser", "google-chrome", "chrome"),
  },
  {
    variable: "REDIS_SERVER",
    means: "path of redis-server or valkey-server",
    debian: "redis-server",
    find: () => onPath("redis-server", "valkey-server"),
  },
  {
    variable: "POSTGRES_BIN",
    means: "folder that holds initdb and postgres",
    debian: "postgresql",
    find: postgres,
  },
];

/**
 * The variables of all tools that are there: what tests read.
 * @returns {Record<string, string>}
 */
export function foundTools() {
  const found = tools.map((tool) => [tool.variable, locate(tool)]);
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

/** The tools that are not there. */
export function missingTools() {
  return tools.filter((tool) => locate(tool) === undefined);
}

/** @param {Tool} tool */
function locate({ variable, find }) {
  const named = process.env[variable];
  return named ? (existsSync(named) ? named : undefined) : find();
}

/** @param {string[]} names */
function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(runnable);
}

/** Debian keeps the server's own programs off the path, one folder a version. */
function postgres() {
  const versions = "/usr/lib/postgresql";
  const debian = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, "bin"))
    : [];
  const initdb = onPath("initdb");
  const folders = initdb ? [...debian, dirname(initdb)] : debian;
  return folders.find((folder) => ["initdb", "postgres"].every((p) => runnable(join(folder, p))));
}

/** @param {string} path */
function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
