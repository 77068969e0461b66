import { minutes } from "#shared/model/time.ts";
import type { Clock, Ledger } from "../ports.ts";

/**
 * The node's clock corrected by its measured distance from SQL's (decision 2), so that nodes
 * whose clocks differ date events alike. Half the round trip is taken off; a failed measurement
 * leaves the last correction in place.
 */
export async function correctedClock(
  clock: Clock,
  ledger: Ledger,
): Promise<{ clock: Clock; stop(): void }> {
  let offset = 0;
  const measure = async () => {
    const asked = clock.now();
    const theirs = await ledger.now();
    const answered = clock.now();
    offset = Math.round(theirs - (asked + answered) / 2);
  };
  await measure();
  const timer = setInterval(() => void measure().catch(() => undefined), minutes(1));
  timer.unref();
  return {
    clock: { now: () => clock.now() + offset },
    stop: () => clearInterval(timer),
  };
}
