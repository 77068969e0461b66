import type { Millis } from "#shared/model/time.ts";

/** Work done again and again, never twice at once. */
export type Rounds = {
  /** One more round after `wait`, or after the one under way: however often it is asked for, one. */
  soon(wait: Millis): void;
  /** Resolves when none is planned or under way. */
  settle(): Promise<void>;
  stop(): void;
};

/** What is asked for while a round is under way may have missed what made it ask, so another follows. */
export function createRounds(work: () => Promise<void>, failed: (error: unknown) => void): Rounds {
  let planned: NodeJS.Timeout | null = null;
  let running = false;
  const settled: (() => void)[] = [];
  /** What a round under way was asked for meanwhile. */
  let next: Millis | null = null;
  let stopped = false;

  function soon(wait: Millis): void {
    if (stopped || planned) return;
    if (running) {
      next = Math.max(next ?? 0, wait);
      return;
    }
    planned = setTimeout(() => void round(), wait);
  }

  async function round(): Promise<void> {
    planned = null;
    running = true;
    try {
      await work();
    } catch (error) {
      failed(error);
    }
    running = false;
    const wait = next;
    next = null;
    if (wait !== null) soon(wait);
    atRest();
  }

  function atRest(): void {
    if (planned || running) return;
    for (const hear of settled.splice(0)) hear();
  }

  return {
    soon,
    async settle() {
      if (planned || running) await new Promise<void>((resolve) => settled.push(resolve));
    },
    stop() {
      stopped = true;
      if (planned) clearTimeout(planned);
      planned = null;
      atRest();
    },
  };
}
