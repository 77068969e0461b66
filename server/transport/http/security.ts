import type { RequestHandler } from "express";
import helmet from "helmet";

/** The console's page: nothing inline, nothing foreign, in nobody's frame. */
export function consoleHeaders(publicUrl: string): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'", socketOrigin(publicUrl)],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    xFrameOptions: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: publicUrl.startsWith("https:"),
  });
}

/** The widget's frame: only the site's own pages may show it. */
export function frameHeaders(publicUrl: string, ancestors: readonly string[]): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", "data:"],
        connectSrc: ["'self'", socketOrigin(publicUrl)],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ancestors.length > 0 ? [...ancestors] : ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    xFrameOptions: false,
    crossOriginResourcePolicy: { policy: "cross-origin" },
    crossOriginOpenerPolicy: false,
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: publicUrl.startsWith("https:"),
  });
}

/** Files any page may load: the loader and the frame's assets. */
export const sharedFileHeaders: RequestHandler = helmet({
  contentSecurityPolicy: false,
  crossOriginResourcePolicy: { policy: "cross-origin" },
});

/** Files only our own pages load. */
export const ownFileHeaders: RequestHandler = helmet({ contentSecurityPolicy: false });

/** Answers without a page of their own: nothing in them is ever shown as one. */
export const apiHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
});

const socketOrigin = (publicUrl: string): string => publicUrl.replace(/^http/, "ws");
