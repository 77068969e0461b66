import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Router, static as serveStatic } from "express";
import helmet from "helmet";

/**
 * The demo shop, a stand-in for a customer's site: its pages include the widget by the two lines a
 * customer would paste. It is served on 127.0.0.1 while the widget comes from localhost, so that the
 * demo is truly cross-site.
 */
export function shopRoutes(parts: { folder: string; publicUrl: string; siteKey: string }): Router {
  const { folder, publicUrl, siteKey } = parts;
  const routes = Router();
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", publicUrl],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        frameSrc: [publicUrl],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    strictTransportSecurity: false,
    // A real shop doesn't isolate itself; the widget must not depend on its doing so.
    crossOriginOpenerPolicy: false,
  });
  routes.get(/^\/shop$/, (_request, response) => response.redirect("/shop/"));
  routes.get(/^\/shop\/([a-z0-9-]+\.html)?$/, headers, async (request, response, next) => {
    const name = request.path.slice("/shop/".length) || "index.html";
    const page = await readFile(join(folder, name), "utf8").catch(() => null);
    if (page === null) return next();
    response
      .set("cache-control", "no-cache")
      .type("html")
      .send(page.replaceAll("{{PUBLIC_URL}}", publicUrl).replaceAll("{{SITE}}", siteKey));
  });
  routes.use("/shop", headers, serveStatic(folder, { index: false, redirect: false }));
  return routes;
}
