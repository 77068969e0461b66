import type { WorkspaceId } from "#shared/model/ids.ts";
import { hours, type Millis } from "#shared/model/time.ts";
import type { LogMark } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { nowMillis } from "./now.ts";

/** Rows of nodes that ended without a word are kept this long, and nobody looks at them. */
const kept = hours(1);

/**
 * A node lives for another while. The mark it answers with counts this very beat: a database that
 * counted less far doesn't hold what was committed before it.
 */
export async function beatNode(
  driver: Driver,
  workspace: WorkspaceId,
  { id, cutOff }: { id: string; cutOff: boolean },
  length: Millis,
): Promise<LogMark> {
  const [mark] = await driver.query<LogMark>(
    `with swept as (
       delete from node where workspace = $1 and id <> $2 and until < ${nowMillis} - $5::bigint
     ), beaten as (
       insert into node (workspace, id, cut_off, until)
       values ($1, $2, $3, ${nowMillis} + $4::bigint)
       on conflict (workspace, id) do update
       set cut_off = excluded.cut_off, until = excluded.until
     )
     update log_meta set beats = beats + 1 returning log_epoch as epoch, beats`,
    [workspace, id, cutOff, length, kept],
  );
  if (!mark) throw new Error("the database has no log_meta row: it was not migrated");
  return mark;
}
