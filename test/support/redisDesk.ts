import { setTimeout } from "node:timers/promises";
import { createClient } from "redis";
import { redisDesk } from "#server/redis/desk.ts";
import type { DeskHarness } from "../contract/desk.contract.ts";

/** Two nodes' desks on one Redis, and a connection past them to empty it and to cut theirs. */
export async function redisHarness(url: string): Promise<DeskHarness> {
  const tombstoneMs = 400;
  const onError = () => undefined;
  const desk = await redisDesk(url, { onError, tombstoneMs });
  const other = await redisDesk(url, { onError, tombstoneMs });
  const direct = createClient({ url });
  direct.on("error", onError);
  await direct.connect();
  return {
    desk,
    other,
    tombstoneMs,
    wait: (ms) => setTimeout(ms),
    empty: async () => {
      await direct.flushAll();
    },
    cut: async () => {
      await direct.sendCommand(["CLIENT", "KILL", "SKIPME", "yes"]);
    },
    close: async () => {
      await desk.close();
      await other.close();
      direct.destroy();
    },
  };
}
