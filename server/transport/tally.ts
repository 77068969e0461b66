import type { Logger } from "pino";
import { type Millis, seconds } from "#shared/model/time.ts";

/**
 * Lines about what anybody out there can cause as often as they like: the first of a kind is logged at
 * once, further ones are counted and told once an interval, so that nobody fills a disk by being refused.
 */
export type Tally = {
  /** `kind` has few values; `details` are told with the first only. */
  count(message: string, kind: Readonly<Record<string, string>>, details?: object): void;
  /** Tells what is counted by now. */
  stop(): void;
};

/** Kinds that mean that somebody takes more than their share: an operator wants to see those. */
const excess: ReadonlySet<string> = new Set(["rate", "too many connections", "flood", "slow"]);

export function createTally(
  log: Pick<Logger, "info" | "warn">,
  interval: Millis = seconds(10),
): Tally {
  type Counted = { message: string; kind: Readonly<Record<string, string>>; count: number };
  const kinds = new Map<string, Counted>();
  let timer: NodeJS.Timeout | null = null;

  function tell(): void {
    timer = null;
    for (const [key, counted] of kinds) {
      const { message, kind, count } = counted;
      // Quiet for an interval: the next one is news again.
      if (count === 0) kinds.delete(key);
      else {
        const level = Object.values(kind).some((one) => excess.has(one)) ? "warn" : "info";
        log[level]({ ...kind, count }, `${message}, again`);
        counted.count = 0;
      }
    }
    if (kinds.size > 0) wait();
  }

  function wait(): void {
    timer ??= setTimeout(tell, interval);
    timer.unref();
  }

  return {
    count(message, kind, details) {
      const key = JSON.stringify([message, kind]);
      const known = kinds.get(key);
      if (known) {
        known.count += 1;
        return;
      }
      kinds.set(key, { message, kind, count: 0 });
      log.info({ ...kind, ...details }, message);
      wait();
    },
    stop() {
      if (timer) clearTimeout(timer);
      tell();
      if (timer) clearTimeout(timer);
      kinds.clear();
    },
  };
}
