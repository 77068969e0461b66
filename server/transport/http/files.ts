import type { RequestHandler } from "express";
import expressStaticGzip from "express-static-gzip";
import { days } from "#shared/model/time.ts";

/** Built files under hashed names: the same address always means the same bytes. */
export const hashedFiles = (folder: string): RequestHandler =>
  expressStaticGzip(folder, {
    index: false,
    enableBrotli: true,
    orderPreference: ["br", "gz"],
    serveStatic: { immutable: true, maxAge: days(365), redirect: false, dotfiles: "ignore" },
  });

/** Files under fixed names: asked for again after five minutes, answered 304 when unchanged. */
export const namedFiles = (folder: string): RequestHandler =>
  expressStaticGzip(folder, {
    index: false,
    enableBrotli: true,
    orderPreference: ["br", "gz"],
    serveStatic: { maxAge: "5 minutes", redirect: false, dotfiles: "ignore" },
  });
