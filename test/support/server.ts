import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { v7 as uuid } from "uuid";
import { type App, createApp, type World } from "#server/app.ts";
import { type Config, readConfig } from "#server/config.ts";
import type { Desk, Ledger } from "#server/ports.ts";
import type { SignIn } from "#server/setup/firstContents.ts";
import { prepareWorkspace } from "#server/setup/prepareWorkspace.ts";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { freePort } from "./freePort.ts";

export type TestServer = {
  app: App;
  config: Config;
  url: string;
  workspace: WorkspaceId;
  signIns: readonly SignIn[];
  ledger: Ledger;
  desk: Desk;
  /** What the server logged, one JSON object a line. */
  log: string[];
  close(): Promise<void>;
};

/**
 * The real server on a free port, in this process, over the given stores. The pages it serves are
 * empty ones unless `root` is the repository's: tests that need the real ones build them first.
 */
export async function startServer(
  stores: { ledger: Ledger; desk: Desk },
  {
    env = {},
    root,
    world = {},
  }: { env?: Record<string, string>; root?: string; world?: Partial<World> } = {},
): Promise<TestServer> {
  const port = await freePort();
  const config = readConfig({
    PORT: String(port),
    HOST: "127.0.0.1",
    SECRET_KEY: "k".repeat(40),
    LOG_LEVEL: "info",
    ...env,
  });
  const workspace = world.workspace ?? (uuid() as WorkspaceId);
  const clock = { now: () => Date.now() };
  const ids = { next: () => uuid() };
  const { ledger, desk } = stores;
  const log: string[] = [];
  const logger = pino(
    { level: config.logLevel, base: null },
    { write: (line: string) => void log.push(line) },
  );
  const prepared = await prepareWorkspace({ config, workspace, ledger, ids, clock });
  const pages = root ?? (await emptyPages());
  const app = await createApp(config, {
    workspace,
    root: pages,
    secret: config.secretKey ?? "",
    shopSite: prepared.shopSite,
    ledger,
    desk,
    clock,
    ids,
    log: logger,
    ...world,
  });
  await app.listen();
  return {
    app,
    config,
    url: `http://127.0.0.1:${config.port}`,
    workspace,
    signIns: prepared.signIns,
    ledger,
    desk,
    log,
    async close() {
      await app.close();
      if (!root) await rm(pages, { recursive: true, force: true });
    },
  };
}

async function emptyPages(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "parley-pages-"));
  for (const folder of ["frame", "console"]) {
    await mkdir(join(root, "dist", folder, "assets"), { recursive: true });
    await writeFile(
      join(root, "dist", folder, "index.html"),
      "<!doctype html><html><head></head><body></body></html>",
    );
  }
  await mkdir(join(root, "dist", "frame", ".vite"));
  await writeFile(join(root, "dist", "frame", ".vite", "manifest.json"), "{}");
  await writeFile(join(root, "dist", "widget.js"), "");
  return root;
}
