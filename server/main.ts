import { dirname } from "node:path";
import { inspect } from "node:util";
import { pino } from "pino";
import { v7 as uuid } from "uuid";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import { type App, createApp } from "./app.ts";
import { ConfigError, readConfig } from "./config.ts";
import { DataDirLocked } from "./embedded/lock.ts";
import { announce, progress } from "./setup/announce.ts";
import { lendSeats } from "./setup/demoSeats.ts";
import { prepareWorkspace } from "./setup/prepareWorkspace.ts";
import { secretKey } from "./setup/secretKey.ts";
import { openStores, StoreError, type Stores } from "./setup/stores.ts";
import { ListenError } from "./transport/listen.ts";

/** The default install's one workspace: a fixed id, so that every node of it agrees. */
const workspace = "00000000-0000-7000-8000-000000000001" as WorkspaceId;
const clock = { now: () => Date.now() };
const ids = { next: () => uuid() };
const root = dirname(import.meta.dirname);
/** Asked before anything takes time, so that a parent lost meanwhile is missed. */
const hadParent = process.connected;
/** A node that can't finish in this time is ended anyway; outboxes send again elsewhere. */
const closingLimit = seconds(30);

async function start(): Promise<void> {
  const began = performance.now();
  const config = readConfig(process.env);
  const log = pino({
    level: config.logLevel,
    base: null,
    redact: ["req.headers", "token", "password", "cookie", "ticket", "*.token", "*.password"],
  });
  const stores = await openStores(config, { progress, warn: (message) => log.warn(message) });
  try {
    const secret = await secretKey(config);
    const prepared = await prepareWorkspace({
      config,
      workspace,
      ledger: stores.ledger,
      ids,
      clock,
    });
    const world = { workspace, root, secret, clock, ids, log, ...prepared, ...stores };
    const app = await createApp(config, world);
    endGracefully(app, stores);
    await app.listen();
    if (!config.production && process.connected) {
      const failed = (error: unknown) => log.error({ err: error }, "lending seats failed");
      lendSeats(process, { config, workspace, clock, ...stores, ...prepared, failed });
    }
    announce(config, prepared, (performance.now() - began) / 1_000);
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** SIGTERM and SIGINT drain; so does the end of the start script, however it ended (decision 19). */
function endGracefully(app: App, stores: Stores): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), closingLimit).unref();
    app
      .close()
      .then(() => stores.close())
      .then(
        () => process.exit(0),
        (error) => fail(error),
      );
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  if (!hadParent) return;
  process.on("disconnect", end);
  if (!process.connected) end();
}

/** One clear sentence for what people can put right; the stack for what they can't. */
function fail(error: unknown): never {
  const known = sentences.some((kind) => error instanceof kind);
  const text = known ? `Parley can't start. ${(error as Error).message}` : inspect(error);
  process.stderr.write(`${text}
`);
  process.exit(1);
}

const sentences = [ConfigError, DataDirLocked, StoreError, ListenError];

start().catch(fail);
