import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";
import { type Served, serve } from "./serve.ts";

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** What the server lets the frame do, so that the gallery can do no more. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; require-trusted-types-for 'script'";

/** Builds the widget's gallery and serves it. */
export async function serveWidgetGallery(): Promise<Served> {
  const outDir = mkdtempSync(join(tmpdir(), "parley-gallery-"));
  await build({
    configFile: false,
    logLevel: "error",
    root: join(import.meta.dirname, "../../../widget/frame/gallery"),
    publicDir: false,
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: { outDir, emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  });
  const served = await serve((path) => {
    const file = path === "/" ? "/index.html" : path;
    const type = types[extname(file)];
    if (!type || file.includes("..")) return undefined;
    const headers = { "content-type": type, "content-security-policy": policy };
    return { headers, body: readFileSync(join(outDir, file)) };
  });
  return {
    ...served,
    async close() {
      await served.close();
      rmSync(outDir, { recursive: true });
    },
  };
}
