/** Something that knows its place in a ranking; -1 while it is in none. */
export type Ranked = { place: number };

/**
 * Whoever may be chosen, so that the best few are found, one is added and one is taken out at the cost
 * of the logarithm of their number: a binary heap, whose every node comes before both below it.
 */
export type Ranking<T extends Ranked> = {
  readonly size: number;
  add(item: T): void;
  /** Also when what it is compared by has changed since it was added. */
  remove(item: T): void;
  /** At most `count` of those who aren't skipped, the best first. */
  best(count: number, skipped: (item: T) => boolean): T[];
};

export function createRanking<T extends Ranked>(compare: (a: T, b: T) => number): Ranking<T> {
  const heap: T[] = [];

  function put(item: T, place: number): void {
    heap[place] = item;
    item.place = place;
  }

  function rise(item: T, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = heap[above];
      if (!other || compare(other, item) <= 0) break;
      put(other, place);
      place = above;
    }
    put(item, place);
  }

  function sink(item: T, from: number): void {
    let place = from;
    for (;;) {
      const next = betterOf(2 * place + 1, 2 * place + 2);
      const other = heap[next];
      if (!other || compare(item, other) <= 0) break;
      put(other, place);
      place = next;
    }
    put(item, place);
  }

  function betterOf(left: number, right: number): number {
    const [a, b] = [heap[left], heap[right]];
    return a && b && compare(b, a) < 0 ? right : left;
  }

  return {
    get size() {
      return heap.length;
    },
    add(item) {
      rise(item, heap.length);
    },
    remove(item) {
      const { place } = item;
      const last = heap.pop();
      item.place = -1;
      if (!last || last === item) return;
      const above = heap[(place - 1) >> 1];
      if (place > 0 && above && compare(last, above) < 0) rise(last, place);
      else sink(last, place);
    },
    best(count, skipped) {
      const found: T[] = [];
      // Places whose parents have been looked at already: the next best is always among them.
      const edge = heap.length > 0 ? [0] : [];
      while (edge.length > 0 && found.length < count) {
        const at = edge.reduce((best, _place, index) => {
          const [a, b] = [heap[edge[index] ?? 0], heap[edge[best] ?? 0]];
          return a && b && compare(a, b) < 0 ? index : best;
        }, 0);
        const [place = 0] = edge.splice(at, 1);
        const item = heap[place];
        if (item && !skipped(item)) found.push(item);
        for (const below of [2 * place + 1, 2 * place + 2]) if (heap[below]) edge.push(below);
      }
      return found;
    },
  };
}
