import { setTimeout as sleep } from "node:timers/promises";
import { openPglite } from "#server/embedded/pglite/pglite.ts";
import type { Driver } from "#server/postgres/driver.ts";
import { openPool } from "#server/postgres/pool.ts";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { check, described } from "../../support/history/check.ts";
import type { History } from "../../support/history/history.ts";
import { truthFromSql } from "../../support/history/truth.ts";
import { embeddedTruth, postgresTruth, type SqlTruth } from "../../support/sqlTruth.ts";
import type { Burst } from "../burst.ts";

/** The workspace of a server that is a process of its own. */
const usual = "00000000-0000-7000-8000-000000000001" as WorkspaceId;

/**
 * How late a thing may stand where it belongs while nodes and stores die: what a dead node has not
 * placed is placed by the next look of the reconciler (10 s) on a node that took over (10 s).
 */
const slackMs = 20_000;
/** What was lost on the way comes with the next heads, every 15 s. */
const healingMs = 20_000;

/**
 * What was wrong with a burst on PostgreSQL: acknowledgements against the log, then everything that
 * anybody did and saw by the checker of histories. Asked while the server still runs, so that what is
 * late may come.
 */
export async function judged(burst: Burst, databaseUrl: string): Promise<string[]> {
  await burst.quiet();
  const driver = openPool(databaseUrl);
  const truth = await postgresTruth(databaseUrl);
  try {
    const until = Date.now() + healingMs;
    for (;;) {
      const found = await historyOf(burst, driver);
      if (found.length === 0 || Date.now() > until) {
        return [...(await journalOf(burst, truth)), ...found];
      }
      await sleep(1_000);
    }
  } finally {
    await truth.close();
    await driver.close();
  }
}

/** The same on the embedded database, which nobody can read before the server has ended. */
export async function judgedEmbedded(burst: Burst, dataDir: string): Promise<string[]> {
  const driver = await openPglite(dataDir);
  const found = await historyOf(burst, driver).finally(() => driver.close());
  const truth = await embeddedTruth(dataDir);
  try {
    return [...(await journalOf(burst, truth)), ...found];
  } finally {
    await truth.close();
  }
}

const journalOf = async (burst: Burst, truth: SqlTruth): Promise<string[]> => [
  ...(await burst.differences(truth)),
  ...(await burst.falseAcks(truth)),
];

const historyOf = ({ history }: Burst, driver: Driver): Promise<string[]> =>
  violationsIn(history, driver, { complete: true });

/** What the checker of histories finds; `complete` when everybody who wrote was recorded. */
export async function violationsIn(
  { pages, records }: History,
  driver: Driver,
  { complete, workspace = usual }: { complete: boolean; workspace?: WorkspaceId },
): Promise<string[]> {
  // Meanwhile more may be recorded, of which this reading of SQL knows nothing.
  const history = { pages: [...pages], records: [...records] };
  const truth = await truthFromSql(driver, workspace)(history);
  return check(history, truth, { slackMs, complete, finished: true }).map(described);
}
