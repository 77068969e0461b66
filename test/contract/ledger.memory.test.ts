import { memoryLedger } from "#server/memory/ledger.ts";
import { ledgerContract } from "./ledger.contract.ts";

ledgerContract("memory", async () => {
  const ledger = memoryLedger({ now: () => Date.now() }, "epoch-of-this-process");
  return { first: ledger, second: ledger, close: () => ledger.close() };
});
