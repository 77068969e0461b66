import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import type { World } from "#shared/client/world.ts";
import type { Random } from "./random.ts";

/**
 * What shared/client asks of a browser, as a program has it: always online, never asleep. Its waits
 * (trying again, receipts, typing) run at the demo's speed like everything else its people do.
 */
export function surroundings(random: Random, speed: number): World {
  return {
    now: () => Date.now(),
    random,
    id: () => v7(),
    after(wait, run) {
      const timer = setTimeout(run, wait / speed);
      return () => clearTimeout(timer);
    },
    online: () => true,
    visible: () => true,
    onWake: () => () => undefined,
  };
}

/** Waits; at once when it was called off. Answers whether it may go on. */
export async function waited(ms: number, calledOff: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal: calledOff }).catch(() => undefined);
  return !calledOff.aborted;
}
