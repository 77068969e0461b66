import type { Instant, Millis } from "#shared/model/time.ts";
import type { Driver } from "../driver.ts";
import { nowMillis } from "./now.ts";

/**
 * Takes or renews a lease by the database's clock, the one clock all nodes share. Null while another
 * holds it. The fence grows with each change of holder, so what an old holder still does is told apart.
 */
export async function takeLease(
  driver: Driver,
  name: string,
  holder: string,
  length: Millis,
): Promise<{ fence: number; until: Instant } | null> {
  const [lease] = await driver.query<{ fence: number; until: Instant }>(
    `insert into lease as l (name, holder, fence, until)
     values ($1, $2, 1, ${nowMillis} + $3::bigint)
     on conflict (name) do update
     set holder = excluded.holder, until = excluded.until,
         fence = l.fence + case when l.holder = excluded.holder then 0 else 1 end
     where l.holder = excluded.holder or l.until <= ${nowMillis}
     returning fence, until`,
    [name, holder, length],
  );
  return lease ?? null;
}
