import { readdir, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { defineConfig, mergeConfig, type Plugin, type UserConfig } from "vite";

const here = import.meta.dirname;
const days = 24 * 60 * 60 * 1000;

/** Pages run under a strict content security policy: nothing inline, no data: addresses. */
const common: UserConfig = {
  envDir: false,
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // How long a build takes is nobody's concern who just wants to start.
    rolldownOptions: { checks: { bundlerTimings: false } },
    // Not emptied: see keepRecent.
    emptyOutDir: false,
  },
  plugins: [precompress()],
};

/** One file with a fixed name, because host pages keep its address for years. */
const loader: UserConfig = {
  build: {
    outDir: join(here, "dist"),
    rolldownOptions: {
      input: join(here, "widget/loader/main.ts"),
      output: { format: "iife", entryFileNames: "widget.js", codeSplitting: false },
    },
  },
};

const app = (root: string, base: string): UserConfig => ({
  root: join(here, root),
  base,
  build: {
    outDir: join(here, "dist", base),
    manifest: true,
    rolldownOptions: {
      // Importing these does nothing by itself, though their package.json doesn't say so.
      treeshake: { moduleSideEffects: [{ test: /(socket|engine)\.io-/, sideEffects: false }] },
    },
  },
  plugins: [onlyWebSocket(), keepRecent()],
});

export default defineConfig(({ mode }) => {
  switch (mode) {
    case "loader":
      return mergeConfig(common, loader);
    case "frame":
      return mergeConfig(
        common,
        mergeConfig(app("widget/frame", "/frame/"), { plugins: [plainImports()] }),
      );
    case "console":
      return mergeConfig(common, app("console", "/console/"));
    default:
      throw new Error(`--mode is loader, frame or console, not ${mode}`);
  }
});

/** What Socket.IO's client brings for others: module, in which package, and what stands in for it. */
const unused = [
  // Sockets here speak WebSocket and nothing else (decision 13).
  {
    from: /socket\.io-client/,
    module: /^engine\.io-client$/,
    code: `export * from ${JSON.stringify(join(here, "shared/client/engine.ts"))};
      export const Fetch = undefined, NodeXHR = Fetch, XHR = Fetch, NodeWebSocket = Fetch,
        WebSocket = Fetch, WebTransport = Fetch, parse = Fetch;`,
  },
  // When to connect again is decided by shared/client/connection.ts.
  {
    from: /socket\.io-client/,
    module: /^\.\/contrib\/backo2\.js$/,
    code: "export class Backoff { attempts = 0; reset() {} }",
  },
  // Everything sent is JSON; a frame that announces binary parts makes the parser throw, as it should.
  {
    from: /socket\.io-parser/,
    module: /^\.\/is-binary\.js$/,
    code: "export const isBinary = () => false, hasBinary = isBinary;",
  },
  {
    from: /socket\.io-parser/,
    module: /^\.\/binary\.js$/,
    code: "export const deconstructPacket = undefined, reconstructPacket = undefined;",
  },
];

/** Leaves all of that at home. */
function onlyWebSocket(): Plugin {
  const none = "\0parley:unused:";
  return {
    name: "parley:only-websocket",
    enforce: "pre",
    resolveId(source, importer = "") {
      const index = unused.findIndex((one) => one.from.test(importer) && one.module.test(source));
      return index < 0 ? null : none + index;
    },
    load: (id) => (id.startsWith(none) ? unused[Number(id.slice(none.length))]?.code : null),
  };
}

/** The frame's lazy chunks are languages, which have no styles to load first: Vite's helper for that can go. */
function plainImports(): Plugin {
  return {
    name: "parley:plain-imports",
    enforce: "pre",
    load: (id) =>
      id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null,
  };
}

/** Leaves file.br and file.gz beside what is worth it, so that the server compresses nothing. */
function precompress(): Plugin {
  const encodings = { br: promisify(brotliCompress), gz: promisify(gzip) };
  return {
    name: "parley:precompress",
    async writeBundle({ dir = "" }, bundle) {
      if (this.meta.watchMode) return;
      // Pages are left out: the server fills them in.
      const worth = Object.keys(bundle).filter((file) => /\.(js|css|svg)$/.test(file));
      await Promise.all(
        worth.map(async (file) => {
          const made = bundle[file];
          const source = made?.type === "chunk" ? made.code : made?.source;
          if (source === undefined) return;
          for (const [ending, encode] of Object.entries(encodings)) {
            await writeFile(join(dir, `${file}.${ending}`), await encode(source));
          }
        }),
      );
    },
  };
}

/** Pages opened before an upgrade still load the chunks of their own version, so those stay a week. */
function keepRecent(): Plugin {
  return {
    name: "parley:keep-recent",
    async writeBundle({ dir = "" }, bundle) {
      const assets = join(dir, "assets");
      const current = Object.keys(bundle);
      for (const name of await readdir(assets)) {
        if (current.some((file) => `assets/${name}`.startsWith(file))) continue;
        const { mtimeMs } = await stat(join(assets, name));
        if (Date.now() - mtimeMs > 7 * days) await unlink(join(assets, name));
      }
    },
  };
}
