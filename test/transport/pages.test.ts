import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import { startServer, type TestServer } from "../support/server.ts";

const canary = "canary-file-9b2e";
const page = "<!doctype html><html><head></head><body></body></html>";

let server: TestServer;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "parley-files-"));
  const files = {
    ".env": canary,
    "package.json": canary,
    "data/secret-key": canary,
    "dist/secret.txt": canary,
    "dist/widget.js": "loader",
    "dist/widget.js.map": canary,
    "dist/frame/index.html": page,
    "dist/frame/secret.txt": canary,
    "dist/frame/.vite/manifest.json": JSON.stringify({
      "../../shared/text/widget/en.ts": { file: "assets/en-1a2b.js" },
      "../../shared/text/widget/pl.ts": { file: "assets/pl-1a2b.js" },
      "index.html": { file: "assets/app-1a2b.js" },
    }),
    "dist/frame/assets/app-1a2b.js": "frame",
    "dist/frame/assets/.hidden": canary,
    "dist/console/index.html": page,
    "dist/console/assets/app-1a2b.js": "console",
    "widget/secret.txt": canary,
    "widget/shop/index.html": "shop {{SITE}}",
    "widget/shop/shop.css": "shop",
    "widget/shop/.hidden": canary,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
  const clock = { now: () => Date.now() };
  const ledger = memoryLedger(clock, "epoch-of-this-test");
  const env = { SITE_ORIGINS: "https://shop.example,https://www.shop.example" };
  server = await startServer({ ledger, desk: memoryDesk(clock) }, { env, root });
}, 30_000);
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

/** The path goes out as it is; fetch would tidy it first. */
function get(path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port: server.config.port, path, headers });
      asked.on("error", reject);
      asked.on("response", async (response) => {
        let text = "";
        for await (const bytes of response) text += bytes;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      asked.end();
    },
  );
}

const policyOf = ({ headers }: { headers: Record<string, unknown> }) =>
  new Map(
    String(headers["content-security-policy"] ?? "")
      .split(";")
      .map((part) => part.trim().split(" "))
      .map(([name = "", ...values]) => [name, values.join(" ")]),
  );

describe("paths that lead elsewhere", () => {
  const ups = [
    "..",
    "%2e%2e",
    "..%2f..",
    "%2e%2e%2f%2e%2e",
    "..%5c..",
    "..\\..",
    "%252e%252e",
    "....//",
    ".%00.",
  ];
  const bases = [
    "/frame/assets/",
    "/console/assets/",
    "/shop/",
    "/widget.js/",
    "/console/",
    "/frame/",
    "/",
  ];
  const targets = [
    "secret.txt",
    "secret-key",
    "package.json",
    ".env",
    "data/secret-key",
    "widget.js.map",
  ];

  it("[B36] never reach a file that isn't published", async () => {
    for (const base of bases) {
      for (const up of ups) {
        for (const target of targets) {
          for (const path of [`${base}${up}/${target}`, `${base}${up}/${up}/${target}`]) {
            const { status, text } = await get(path);
            expect(text, path).not.toContain(canary);
            expect([200, 301, 302, 303, 307, 308, 400, 403, 404]).toContain(status);
          }
        }
      }
    }
    for (const path of [
      "/.env",
      "/package.json",
      "/.git/config",
      "/server/main.ts",
      "/secret.txt",
      "/widget.js.map",
      "/frame/assets/.hidden",
      "/shop/.hidden",
      "/data/secret-key",
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
    expect((await get("/frame/assets/app-1a2b.js")).text).toBe("frame");
    expect((await get("/shop/")).text).toContain("shop");
  });

  it("[B36] or that can't be read are answered without a stack trace", async () => {
    for (const path of [
      "/frame/%ff",
      "/shop/%ff",
      "/console/%",
      "/%c0%ae",
      "/frame/assets/%00",
      `/${"x".repeat(8_000)}`,
    ]) {
      const { status, text } = await get(path);
      expect([200, 400, 404]).toContain(status);
      expect(text).not.toMatch(/\bat .*:\d+|node_modules|Error:/);
    }
  });

  it("[B37] nobody has are 404 in plain text, under /api as a refusal", async () => {
    for (const path of [
      "/nowhere",
      "/frame/nowhere",
      "/frame/__proto__",
      "/frame/",
      "/shop/no.html",
    ]) {
      const { status, text, headers } = await get(path);
      expect({ status, text }, path).toEqual({ status: 404, text: "Not found.\n" });
      expect(headers["content-type"]).toBe("text/plain; charset=utf-8");
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
    for (const path of ["/api", "/api/nowhere", "/api/session/x"]) {
      const { status, text } = await get(path);
      expect(status).toBe(404);
      expect(JSON.parse(text)).toEqual({ refusal: { code: "not_found", retry: false } });
    }
  });

  it("[B37] say nothing about what the server is made of", async () => {
    for (const path of [
      "/",
      "/console",
      "/nowhere",
      "/api/session",
      "/health/ready",
      "/widget.js",
    ]) {
      const { headers } = await get(path);
      expect(headers["x-powered-by"]).toBeUndefined();
      expect(headers.server).toBeUndefined();
    }
  });

  it("[B37] with a foreign host in front lead back to our own", async () => {
    const host = { host: "evil.example" };
    for (const path of ["/console", "/console/inbox?next=//evil.example"]) {
      const { status, headers } = await get(path, host);
      expect(status).toBe(302);
      expect(String(headers.location)).toMatch(new RegExp(`^${server.config.publicUrl}/console`));
    }
    expect(String((await get("//evil.example/console")).headers.location ?? "")).not.toContain(
      "evil",
    );
  });
});

describe("headers", () => {
  it("[B38] keep the console out of everybody's frames and foreign scripts out of the console", async () => {
    const { publicUrl } = server.config;
    const response = await get("/console", { host: new URL(publicUrl).host });
    const policy = policyOf(response);
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self'");
    expect(policy.get("require-trusted-types-for")).toBe("'script'");
    expect(policy.get("connect-src")).toBe(`'self' ${publicUrl.replace("http", "ws")}`);
    expect(response.headers).toMatchObject({
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
  });

  it("[B38] let only the site's own pages show the frame", async () => {
    const response = await get("/frame/demo-shop");
    const policy = policyOf(response);
    const { publicUrl } = server.config;
    expect(policy.get("frame-ancestors")?.split(" ").sort()).toEqual(
      [publicUrl, "https://shop.example", "https://www.shop.example", server.url].sort(),
    );
    expect(policy.get("script-src")).toBe("'self'");
    expect(response.headers["x-frame-options"]).toBeUndefined();
    expect(response.headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "cross-origin",
      "x-content-type-options": "nosniff",
    });
  });

  it("[B38] allow inline code and eval nowhere", async () => {
    for (const path of ["/console", "/frame/demo-shop", "/shop/", "/api/session", "/nowhere"]) {
      const host = new URL(server.config.publicUrl).host;
      const response = await get(path, { host });
      const policy = String(response.headers["content-security-policy"]);
      expect(policy, path).toContain("default-src");
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    }
  });

  it("[B38] let answers of the API be neither kept nor shown as a page", async () => {
    const response = await get("/api/session");
    expect(policyOf(response).get("default-src")).toBe("'none'");
    expect(response.headers["cache-control"]).toBe("no-store");
    const health = await get("/health/ready");
    expect(health.headers["cache-control"]).toBe("no-store");
    expect(JSON.parse(health.text)).toEqual({ status: "ready", sql: "ok", redis: "ok" });
    expect(JSON.parse((await get("/health/live")).text)).toEqual({ status: "live" });
  });

  it("[B38] write a site's name into the frame so that it can't end the script", async () => {
    const { text } = await get("/frame/demo-shop");
    const data = /<script type="application\/json" id="parley-frame">(.*?)<\/script>/.exec(
      text,
    )?.[1];
    expect(JSON.parse(data ?? "")).toMatchObject({ site: "demo-shop", name: "Fern & Field" });
    expect(data).not.toContain("<");
  });

  it("[B39] the frame's page has the texts of the reader's language fetched early", async () => {
    const preloaded = async (languages: string) =>
      /modulepreload" crossorigin href="([^"]*)"/.exec(
        (await get("/frame/demo-shop", { "accept-language": languages })).text,
      )?.[1];
    expect(await preloaded("pl-PL,pl;q=0.9,en;q=0.5")).toBe("/frame/assets/pl-1a2b.js");
    expect(await preloaded("en-GB")).toBe("/frame/assets/en-1a2b.js");
    expect(await preloaded("de")).toBeUndefined();
  });
});
