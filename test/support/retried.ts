import { setTimeout as sleep } from "node:timers/promises";

/** Slow machines may take this long for anything; what is there is seen at once. */
export const patience = { timeout: 20_000, interval: 50 };

/** Tries until it no longer throws, which it must within the patience; outside of a test runner too. */
export async function retried<T>(
  attempt: () => Promise<T>,
  { timeout, interval } = patience,
): Promise<T> {
  const until = Date.now() + timeout;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= until) throw error;
    }
    await sleep(interval);
  }
}
