import { openValkey } from "#server/embedded/valkey/valkey.ts";
import { redisHarness } from "../support/redisDesk.ts";
import { deskContract } from "./desk.contract.ts";

deskContract("embedded Valkey", async () => {
  const valkey = await openValkey({
    onExit: (error) => {
      throw error;
    },
  });
  const harness = await redisHarness(valkey.url);
  return {
    ...harness,
    close: async () => {
      await harness.close();
      await valkey.close();
    },
  };
});
