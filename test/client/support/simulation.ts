import type { World } from "#shared/client/world.ts";

/** Time and chance under a test's command: the same seed gives the same run. */
export type Simulation = {
  now(): number;
  random(): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  id(): string;
  after(wait: number, run: () => void): () => void;
  /** Lets this much time pass, running everything that falls due. */
  pass(time: number): Promise<void>;
  /** A client's surroundings in this simulation. */
  world(): TestWorld;
};

export type TestWorld = World & {
  setOnline(online: boolean): void;
  setVisible(visible: boolean): void;
  wake(): void;
};

const start = Date.UTC(2026, 0, 5, 9);

export function simulation(seed: number): Simulation {
  let now = start;
  let counter = 0;
  let order = 0;
  let due: { at: number; order: number; run: () => void }[] = [];
  let state = seed + 1;

  /** mulberry32 */
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  const after = (wait: number, run: () => void) => {
    // Whole milliseconds, as every clock here gives.
    const task = { at: now + Math.max(0, Math.ceil(wait)), order: order++, run };
    due.push(task);
    return () => {
      due = due.filter((other) => other !== task);
    };
  };

  const id = () => {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
    const time = hex(now, 12);
    const count = hex(counter++, 12);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count.slice(0, 3)}-8${count.slice(3, 6)}-${hex(Math.floor(random() * 2 ** 44), 11)}${count.slice(-1)}`;
  };

  return {
    now: () => now,
    random,
    chance: (probability) => random() < probability,
    pick: (from) => from[Math.floor(random() * from.length)] as (typeof from)[number],
    id,
    after,
    async pass(time) {
      const end = now + Math.ceil(time);
      await settled();
      for (;;) {
        const next = due
          .filter(({ at }) => at <= end)
          .reduce<(typeof due)[number] | null>(
            (best, task) =>
              best && (best.at < task.at || (best.at === task.at && best.order < task.order))
                ? best
                : task,
            null,
          );
        if (!next) break;
        due = due.filter((task) => task !== next);
        now = Math.max(now, next.at);
        next.run();
        await settled();
      }
      now = end;
    },
    world() {
      let online = true;
      let visible = true;
      const listeners = new Set<() => void>();
      const wake = () => {
        for (const listener of listeners) listener();
      };
      return {
        now: () => now,
        random,
        id,
        after,
        online: () => online,
        visible: () => visible,
        onWake(hear) {
          listeners.add(hear);
          return () => void listeners.delete(hear);
        },
        setOnline(next) {
          online = next;
          wake();
        },
        setVisible(next) {
          visible = next;
          if (next) wake();
        },
        wake,
      };
    },
  };
}

/** Runs every promise callback there is; nothing here waits for the outside. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
