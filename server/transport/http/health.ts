import { Router } from "express";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { Desk, Ledger } from "../../ports.ts";
import { apiHeaders } from "./security.ts";

/** One look at the stores answers everybody who asks this soon after: asking costs them nothing. */
const goodFor: Millis = seconds(1);

/**
 * `/health/live`: the event loop turns. `/health/ready`: this node can take messages; without Redis it
 * still can, so that is `degraded`, not down. Load balancers and people read the same truth.
 */
export function healthRoutes(parts: { ledger: Ledger; desk: Desk; draining(): boolean }): Router {
  const { ledger, desk, draining } = parts;
  const routes = Router();
  let looked: { at: number; sees: Promise<readonly [boolean, boolean]> } | null = null;

  function look(): Promise<readonly [boolean, boolean]> {
    const now = performance.now();
    if (looked && now - looked.at < goodFor) return looked.sees;
    const sees = Promise.all([answers(ledger.now()), answers(desk.ping())] as const);
    looked = { at: now, sees };
    return sees;
  }

  routes.use("/health", apiHeaders);
  routes.get("/health/live", (_request, response) => {
    response.set("cache-control", "no-store").json({ status: "live" });
  });
  routes.get("/health/ready", async (_request, response) => {
    const [sql, redis] = await look();
    const status = draining() ? "draining" : sql ? (redis ? "ready" : "degraded") : "unavailable";
    response
      .status(status === "ready" || status === "degraded" ? 200 : 503)
      .set("cache-control", "no-store")
      .json({ status, sql: sql ? "ok" : "away", redis: redis ? "ok" : "away" });
  });
  return routes;
}

const answers = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );
