import type { LogMark } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/**
 * Counts the opening and answers which log this is. A mark of this very log that counted further than
 * this database did says that it is one from before; readers must not trust what they remember of the
 * other, so it gets a new epoch. The count is compared and nothing of the server's, since a backup may
 * come back into the very cluster it was taken from. Of several nodes that find this at once only the
 * first changes it: for the next the marks are of another log.
 */
export async function openLog(driver: Driver, marks: readonly LogMark[]): Promise<string> {
  const [meta] = await driver.query<{ epoch: string }>(
    `update log_meta m
     set beats = m.beats + 1,
         log_epoch = case when exists (
           select from jsonb_to_recordset($1::jsonb) as mark (epoch text, beats bigint)
           where mark.epoch = m.log_epoch::text and mark.beats > m.beats
         ) then gen_random_uuid() else m.log_epoch end
     returning log_epoch as epoch`,
    [JSON.stringify(marks)],
  );
  if (!meta) throw new Error("the database has no log_meta row: it was not migrated");
  return meta.epoch;
}
