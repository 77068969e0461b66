import { Router } from "express";
import type { Desk, Ledger } from "../../ports.ts";
import { apiHeaders } from "./security.ts";

/**
 * `/health/live`: the event loop turns. `/health/ready`: this node can take messages; without Redis it
 * still can, so that is `degraded`, not down. Load balancers and people read the same truth.
 */
export function healthRoutes(parts: { ledger: Ledger; desk: Desk; draining(): boolean }): Router {
  const { ledger, desk, draining } = parts;
  const routes = Router();
  routes.use("/health", apiHeaders);
  routes.get("/health/live", (_request, response) => {
    response.set("cache-control", "no-store").json({ status: "live" });
  });
  routes.get("/health/ready", async (_request, response) => {
    const [sql, redis] = await Promise.all([answers(ledger.now()), answers(desk.ping())]);
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
