import fc from "fast-check";
import { expect, it } from "vitest";
import { createRanking } from "#server/domain/routing/ranking.ts";

type Item = { id: number; worth: number; place: number };

const steps = fc.array(
  fc.record({
    what: fc.constantFrom("add", "add", "remove", "change"),
    who: fc.nat(15),
    worth: fc.nat(5),
  }),
  { maxLength: 60 },
);

it("[R8] a ranking gives the best few as sorting would, whatever was added, taken out or changed", () => {
  fc.assert(
    fc.property(steps, fc.nat(6), (taken, count) => {
      const compare = (a: Item, b: Item) => a.worth - b.worth || a.id - b.id;
      const ranking = createRanking<Item>(compare);
      const items = Array.from({ length: 16 }, (_, id): Item => ({ id, worth: 0, place: -1 }));
      const inside = new Set<Item>();
      for (const { what, who, worth } of taken) {
        const item = items[who]!;
        if (what === "add" && !inside.has(item)) {
          item.worth = worth;
          ranking.add(item);
          inside.add(item);
        } else if (what !== "add" && inside.has(item)) {
          item.worth = worth;
          ranking.remove(item);
          inside.delete(item);
          expect(item.place).toBe(-1);
          if (what === "change") {
            ranking.add(item);
            inside.add(item);
          }
        }
        expect(ranking.size).toBe(inside.size);
        const odd = ({ id }: Item) => id % 3 === 0;
        const sorted = [...inside].filter((one) => !odd(one)).sort(compare);
        expect(ranking.best(count, odd)).toEqual(sorted.slice(0, count));
      }
    }),
    { numRuns: 300 },
  );
});
