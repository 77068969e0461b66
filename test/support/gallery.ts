import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { build } from "vite";

export type Gallery = {
  /** The address of a scene. */
  scene(name: string): string;
  close(): Promise<void>;
};

const types: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** As strict as the product's own (nothing inline), so that what breaks under it breaks here. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/** Builds the console's gallery as the console is built and serves it under /console/. */
export async function serveGallery(): Promise<Gallery> {
  const root = join(import.meta.dirname, "../../console");
  const folder = await mkdtemp(join(tmpdir(), "parley-gallery-"));
  await build({
    configFile: false,
    root,
    base: "/console/",
    envDir: false,
    publicDir: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: folder,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: { input: join(root, "gallery/index.html") },
    },
  });
  const page = await readFile(join(folder, "gallery/index.html"));
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://gallery").pathname;
    response.setHeader("content-security-policy", policy);
    if (!path.startsWith("/console/assets/")) {
      // Every address of the console is the same page, as it is on the real server.
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(path.startsWith("/console/") ? page : "");
      return;
    }
    try {
      const file = await readFile(join(folder, path.slice("/console/".length)));
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      response.end(file);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    scene: (name) => `http://127.0.0.1:${port}/console/gallery/?scene=${name}`,
    async close() {
      await new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      });
      await rm(folder, { recursive: true });
    },
  };
}
