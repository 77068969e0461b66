import type { RequestHandler } from "express";
import { refusal } from "#shared/protocol/refusals.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Every request that changes something must come from our own pages as JSON (decision 18): a
 * foreign page can neither forge Origin nor send application/json without asking first.
 */
export function sameOrigin(publicUrl: string): RequestHandler {
  return (request, response, next) => {
    if (safe.has(request.method)) return next();
    const { origin } = request.headers;
    const site = request.headers["sec-fetch-site"];
    const foreign = origin !== publicUrl || (site !== undefined && site !== "same-origin");
    if (foreign || !saysJson(request.headers["content-type"])) {
      response.status(403).json({ refusal: refusal("forbidden") });
      return;
    }
    next();
  };
}

/** By the header alone: signing out has no body, and a form can't set the header. */
const saysJson = (type: string | undefined): boolean =>
  type?.split(";")[0]?.trim().toLowerCase() === "application/json";
