/**
 * One lane per key: tasks of the same key run one after another, different keys side by side.
 * A conversation's decisions go through its lane, so that on one node they never conflict.
 */
export type Lanes = {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is running or waiting. */
  settle(): Promise<void>;
};

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  return {
    run(key, task) {
      const before = tails.get(key);
      const result = before === undefined ? task() : before.then(task, task);
      const over = () => {
        if (tails.get(key) === tail) tails.delete(key);
      };
      const tail = result.then(over, over);
      tails.set(key, tail);
      return result;
    },
    async settle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
