import { readFile } from "node:fs/promises";
import { join } from "node:path";
import express, { type ErrorRequestHandler, type Express, type Router } from "express";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import type { Config } from "../../config.ts";
import type { Directory } from "../../engine/directory.ts";
import type { Desk, Ledger } from "../../ports.ts";
import { LedgerUnavailable } from "../../ports.ts";
import { clientAddress } from "../clientAddress.ts";
import type { Sessions } from "../sessions.ts";
import type { Tickets } from "../tickets.ts";
import { hashedFiles, namedFiles } from "./files.ts";
import { frameRoutes } from "./frame.ts";
import { healthRoutes } from "./health.ts";
import { sameOrigin } from "./sameOrigin.ts";
import { apiHeaders, consoleHeaders, ownFileHeaders, sharedFileHeaders } from "./security.ts";
import { sessionRoutes } from "./session.ts";
import { shopRoutes } from "./shop.ts";
import { textFiles } from "./textFiles.ts";

export type HttpParts = {
  config: Config;
  /** The repository's root: built files are under dist, the shop under widget/shop. */
  root: string;
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  sessions: Sessions;
  tickets: Tickets;
  /** The demo shop's site, or null when there is no demo. */
  shopSite: string | null;
  /** What visitors ask over plain HTTP. */
  visitorRoutes: Router;
  draining(): boolean;
  signedOut(session: string): void;
  failed(route: string, error: unknown): void;
};

/** Everything that isn't a socket: pages, files, health and signing in. */
export async function createHttpApp(parts: HttpParts): Promise<Express> {
  const { config, root, shopSite } = parts;
  const { publicUrl } = config;
  const publicHost = new URL(publicUrl).host;
  const built = (...path: string[]) => join(root, "dist", ...path);
  const [framePage, frameTexts, consolePage] = await Promise.all([
    readFile(built("frame", "index.html"), "utf8"),
    textFiles(built("frame", ".vite", "manifest.json"), "/frame/"),
    readFile(built("console", "index.html"), "utf8"),
  ]);
  const app = express();
  app.disable("x-powered-by");
  app.use(healthRoutes(parts));
  app.get("/", (_request, response) => {
    response.redirect(shopSite ? shopUrl(config) : "/console");
  });
  app.get("/widget.js", sharedFileHeaders, namedFiles(built()));
  app.use("/frame/assets", sharedFileHeaders, hashedFiles(built("frame", "assets")));
  app.use(frameRoutes({ ...parts, publicUrl, page: framePage, texts: frameTexts }));
  if (shopSite) {
    app.use(shopRoutes({ folder: join(root, "widget", "shop"), publicUrl, siteKey: shopSite }));
  }
  app.use(parts.visitorRoutes);
  app.use(sameOrigin(publicUrl));
  app.use(
    sessionRoutes({
      ...parts,
      https: publicUrl.startsWith("https:"),
      addressOf: (request) => clientAddress(request, config.trustProxy),
    }),
  );
  app.use("/console/assets", ownFileHeaders, hashedFiles(built("console", "assets")));
  const headers = consoleHeaders(publicUrl);
  app.get(/^\/console(\/.*)?$/, headers, (request, response) => {
    // Cookies and Origin belong to one host; on any other name of it the console can't work.
    if (request.headers.host !== publicHost) {
      response.redirect(`${publicUrl}${request.originalUrl}`);
      return;
    }
    response.set("cache-control", "no-cache").type("html").send(consolePage);
  });
  app.use(apiHeaders, (_request, response) => {
    response.status(404).type("text").send("Not found.\n");
  });
  const onError: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (status >= 500) parts.failed(`${request.method} ${request.path}`, error);
    const code = status === 413 ? "too_large" : status >= 500 ? "unavailable" : "invalid";
    response.status(status).json({ refusal: refusal(code) });
  };
  app.use(onError);
  return app;
}

/** The demo shop is on another host name than the widget, on the same port. */
export const shopOrigin = (config: Config): string => `http://127.0.0.1:${config.port}`;
export const shopUrl = (config: Config): string => `${shopOrigin(config)}/shop/`;

function statusOf(error: unknown): number {
  if (error instanceof LedgerUnavailable) return 503;
  const { status } = error as { status?: unknown };
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}
