import type { Instant } from "#shared/model/time.ts";
import type { Driver } from "../driver.ts";

/** The database's clock in integer milliseconds, as an expression. */
export const nowMillis = "floor(extract(epoch from clock_timestamp()) * 1000)::bigint";

/** What the database's clock says: nodes measure their own clocks against it. */
export async function now(driver: Driver): Promise<Instant> {
  const [row] = await driver.query<{ now: Instant }>(`select ${nowMillis} as now`);
  if (!row) throw new Error("the database didn't tell the time");
  return row.now;
}
