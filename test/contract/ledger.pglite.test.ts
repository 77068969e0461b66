import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPglite } from "#server/embedded/pglite/pglite.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { ledgerContract } from "./ledger.contract.ts";

ledgerContract("PGlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parley-pglite-"));
  const driver = await openPglite(folder);
  await migrate(driver);
  const ledger = postgresLedger(driver);
  return {
    first: ledger,
    second: ledger,
    async close() {
      await ledger.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
