import { memoryDesk } from "#server/memory/desk.ts";
import { minutes } from "#shared/model/time.ts";
import { deskContract } from "./desk.contract.ts";

deskContract("memory", async () => {
  let now = 1_800_000_000_000;
  const tombstoneMs = minutes(1);
  const desk = memoryDesk({ now: () => now }, { tombstoneMs });
  return {
    desk,
    other: desk,
    tombstoneMs,
    wait: async (ms) => {
      now += ms;
    },
    empty: async () => desk.empty(),
    cut: async () => {
      desk.setAway(true);
      desk.setAway(false);
    },
    close: () => desk.close(),
  };
});
