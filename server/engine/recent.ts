/** The most recently used values, `size` of them at least and twice as many at most. */
export type Recent<K, V> = {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  clear(): void;
};

/**
 * Two Maps take turns: what is used moves into the newer one, and when that is full the older one is
 * let go with all that nobody used meanwhile. Moving each value to the end of a single Map at every
 * use would keep the order exactly, but an entry taken out of a Map is only freed when V8 makes a new
 * table, and tables once made old keep what was in them alive until a full collection.
 */
export function createRecent<K, V>(size: number): Recent<K, V> {
  let newer = new Map<K, V>();
  let older = new Map<K, V>();

  function set(key: K, value: V): void {
    if (newer.size >= size && !newer.has(key)) {
      older = newer;
      newer = new Map();
    }
    newer.set(key, value);
  }

  return {
    get(key) {
      const value = newer.get(key);
      if (value !== undefined) return value;
      const found = older.get(key);
      if (found !== undefined) set(key, found);
      return found;
    },
    set,
    delete(key) {
      newer.delete(key);
      older.delete(key);
    },
    clear() {
      newer.clear();
      older.clear();
    },
  };
}
