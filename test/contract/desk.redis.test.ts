import { startRedis } from "../support/redis.ts";
import { redisHarness } from "../support/redisDesk.ts";
import { deskContract } from "./desk.contract.ts";

deskContract("Redis", async () => {
  const server = await startRedis();
  const harness = await redisHarness(server.url);
  return {
    ...harness,
    close: async () => {
      await harness.close();
      await server.stop();
    },
  };
});
