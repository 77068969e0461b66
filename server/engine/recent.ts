/** The most recently used values, at most `size` of them: a Map kept in order of use. */
export type Recent<K, V> = {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  delete(key: K): void;
  clear(): void;
};

export function createRecent<K, V>(size: number): Recent<K, V> {
  const values = new Map<K, V>();
  return {
    get(key) {
      const value = values.get(key);
      if (value !== undefined) {
        values.delete(key);
        values.set(key, value);
      }
      return value;
    },
    set(key, value) {
      values.delete(key);
      values.set(key, value);
      if (values.size > size) values.delete(values.keys().next().value as K);
    },
    delete: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
}
