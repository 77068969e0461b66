import type { Driver } from "../driver.ts";

/** Identity of this log; `migrate` made it and changes it when the database was restored or moved. */
export async function logEpoch(driver: Driver): Promise<string> {
  const [meta] = await driver.query<{ log_epoch: string }>("select log_epoch from log_meta");
  if (!meta) throw new Error("the database has no log_meta row: it was not migrated");
  return meta.log_epoch;
}
