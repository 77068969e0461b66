import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import { startPostgres } from "../support/postgres.ts";
import { ledgerContract } from "./ledger.contract.ts";

ledgerContract("PostgreSQL", async () => {
  const server = await startPostgres();
  const url = await server.database();
  const drivers = [openPool(url), openPool(url)] as const;
  await Promise.all(drivers.map(migrate));
  const [first, second] = [postgresLedger(drivers[0]), postgresLedger(drivers[1])];
  return {
    first,
    second,
    async close() {
      await Promise.all([first.close(), second.close()]);
      await server.stop();
    },
  };
});
