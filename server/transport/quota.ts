import type { Millis } from "#shared/model/time.ts";

/** So much per key in a window of time that begins with the first. */
export type Quota = {
  /** Takes one and answers 0, or answers how many milliseconds there is none. */
  take(key: string): Millis;
  /** What was taken turned out not to count. */
  giveBack(key: string): void;
};

export function createQuota(most: number, window: Millis): Quota {
  const used = new Map<string, { count: number; until: number }>();
  let forgetAt = 0;

  function forget(now: number): void {
    if (now < forgetAt) return;
    for (const [key, { until }] of used) if (until <= now) used.delete(key);
    forgetAt = now + window;
  }

  return {
    take(key) {
      const now = performance.now();
      forget(now);
      const known = used.get(key);
      if (!known || known.until <= now) {
        used.set(key, { count: 1, until: now + window });
        return 0;
      }
      if (known.count >= most) return Math.max(1, Math.ceil(known.until - now));
      known.count += 1;
      return 0;
    },
    giveBack(key) {
      const known = used.get(key);
      if (known && known.count > 0) known.count -= 1;
    },
  };
}
