import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Millis } from "#shared/model/time.ts";
import { DeskUnavailable, type Ledger, LedgerUnavailable } from "../ports.ts";

/** Work that one node at a time does again and again. */
export type Duty = {
  /** Does it soon, once, however often it is called. */
  now(): void;
  settle(): Promise<void>;
  /** Ends it and lets another node take over. */
  stop(): Promise<void>;
};

/**
 * Runs `work` every `every`, on the one node that holds the duty's lease in SQL. The lease outlives
 * two rounds, so a node that died without giving it back is followed within three. Work must bear
 * being done twice at once: a node that stalled may finish what it began after it lost the lease.
 */
export function createDuty(parts: {
  name: string;
  workspace: WorkspaceId;
  node: string;
  ledger: Ledger;
  every: Millis;
  work(): Promise<void>;
  warn(message: string, error: unknown): void;
}): Duty {
  const { workspace, node, ledger, every, work, warn } = parts;
  const lease = `${parts.name}:${workspace}`;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let held = false;

  async function once(): Promise<void> {
    held = (await ledger.takeLease(lease, node, 2 * every)) !== null;
    if (held) await work();
  }

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        await once();
      } catch (error) {
        // A store that is away is seen in /health/ready; the next round finds it back.
        if (error instanceof DeskUnavailable) await handOver();
        else if (!(error instanceof LedgerUnavailable)) warn(`${parts.name} failed`, error);
      }
    } while (again && !stopped);
  }

  /** Only this node may be cut off from Redis: who still reaches it should do it (SPEC RC17). */
  async function handOver(): Promise<void> {
    if (!held) return;
    held = false;
    await ledger.releaseLease(lease, node).catch(() => undefined);
  }

  function now(): void {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = run().finally(() => {
      running = null;
    });
  }

  const timer = setInterval(now, every);
  timer.unref();

  return {
    now,
    async settle() {
      while (running !== null) await running;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
      await handOver();
    },
  };
}
