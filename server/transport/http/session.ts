import { json, type RequestHandler, Router } from "express";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { z } from "zod";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { hours, minutes } from "#shared/model/time.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import type { Directory } from "../../engine/directory.ts";
import { verifyPassword } from "../../engine/passwords.ts";
import type { Ledger } from "../../ports.ts";
import type { Sessions } from "../sessions.ts";
import { apiHeaders } from "./security.ts";

/** Without NUL: SQL's text can't hold it, and scrypt doesn't see it at a password's end. */
const words = (limit: number) =>
  z
    .string()
    .min(1)
    .max(limit)
    .regex(/^[^\0]*$/);

const credentials = z.strictObject({ email: words(254), password: words(256) });

type Parts = {
  workspace: WorkspaceId;
  ledger: Ledger;
  directory: Directory;
  sessions: Sessions;
  https: boolean;
  /** The client's address, as far as it can be believed. */
  addressOf(request: Parameters<RequestHandler>[0]): string;
  /** The sockets of this session are cut, on every node. */
  signedOut(session: string): void;
};

/**
 * Signing in and out of the console. Unknown accounts, wrong passwords and disabled accounts get one
 * answer in about one time, and attempts are limited per account and address, never per account
 * alone: nobody can lock somebody else out.
 */
export function sessionRoutes(parts: Parts): Router {
  const { workspace, ledger, directory, sessions, https, addressOf, signedOut } = parts;
  const perAccount = new RateLimiterMemory({ points: 10, duration: minutes(15) / 1_000 });
  const perAddress = new RateLimiterMemory({ points: 100, duration: hours(1) / 1_000 });
  const routes = Router();
  routes.use("/api", apiHeaders, (_request, response, next) => {
    response.set("cache-control", "no-store");
    next();
  });
  const body = json({ limit: "4kb", strict: true });

  async function end(cookie: string | undefined): Promise<void> {
    const ended = await sessions.end(cookie);
    if (ended) signedOut(ended);
  }

  routes.post("/api/session", body, async (request, response) => {
    const parsed = credentials.safeParse(request.body);
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join(".") || "body";
      response.status(400).json({ refusal: refusal("invalid", { path }) });
      return;
    }
    const email = parsed.data.email.trim().toLowerCase();
    const address = addressOf(request);
    try {
      await perAddress.consume(address);
      await perAccount.consume(`${email} ${address}`);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      response
        .status(429)
        .json({ refusal: refusal("rate", { retryAfterMs: Math.max(1, refused.msBeforeNext) }) });
      return;
    }
    const account = await ledger.credentials(workspace, email);
    const right = await verifyPassword(parsed.data.password, account?.passwordHash ?? null);
    const agent = account && directory.agents.get(account.agent);
    if (!right || !account || account.disabled || !agent) {
      response.status(401).json({ refusal: refusal("unauthenticated") });
      return;
    }
    await perAccount.delete(`${email} ${address}`);
    // A session from before signing in never survives it.
    await end(request.headers.cookie);
    const { value, maxAgeMs } = await sessions.open(agent.id);
    response.cookie(sessions.cookieName, value, {
      httpOnly: true,
      secure: https,
      sameSite: "lax",
      path: "/",
      maxAge: maxAgeMs,
    });
    response.json({ agent: { id: agent.id, name: agent.name, role: agent.role } });
  });

  routes.get("/api/session", async (request, response) => {
    const session = await sessions.of(request.headers.cookie);
    const agent = session && directory.agents.get(session.agent);
    if (!agent || agent.disabled) {
      // An answer, not a failure: browsers print every 401 in red, on a page that only asks.
      response.json({ agent: null });
      return;
    }
    response.json({ agent: { id: agent.id, name: agent.name, role: agent.role } });
  });

  routes.delete("/api/session", async (request, response) => {
    await end(request.headers.cookie);
    response.clearCookie(sessions.cookieName, {
      httpOnly: true,
      secure: https,
      sameSite: "lax",
      path: "/",
    });
    response.status(204).end();
  });

  routes.use("/api", (_request, response) => {
    response.status(404).json({ refusal: refusal("not_found") });
  });
  return routes;
}
