import { describe, expect, it } from "vitest";
import { createWatch } from "#server/engine/watch.ts";

const every = 5_000;

/** A watch over clocks that a test sets, looked at as often as it should be. */
function watching() {
  const clocks = { elapsed: 40, wall: 1_000_000, desk: 3_000_000 };
  const watch = createWatch({ elapsed: () => clocks.elapsed, wall: () => clocks.wall, every });
  const pass = (ms: number) => {
    clocks.elapsed += ms;
    clocks.wall += ms;
    clocks.desk += ms;
  };
  const look = () => {
    watch.look();
    watch.heardDesk(clocks.desk);
    return watch.lasted();
  };
  for (let i = 0; i < 20; i++) {
    pass(every);
    look();
  }
  expect(watch.lasted()).toBe(100_000);
  return { clocks, pass, look };
}

describe("[RC23] the watch", () => {
  it("begins anew on a machine that slept: its own clock stood still and others didn't", () => {
    const { clocks, pass, look } = watching();
    pass(every);
    clocks.wall += 120_000;
    expect(look()).toBe(0);
    pass(every);
    expect(look()).toBe(every);
  });

  it("begins anew after a look that came late, also where every clock went on", () => {
    const { pass, look } = watching();
    pass(15_000);
    expect(look()).toBe(0);
  });

  it.each([60_000, -60_000])("begins anew when the wall clock is set by %i ms", (by) => {
    const { clocks, pass, look } = watching();
    clocks.wall += by;
    pass(every);
    expect(look()).toBe(0);
  });

  it.each([60_000, -60_000])("begins anew when the Desk's clock is set by %i ms", (by) => {
    const { clocks, pass, look } = watching();
    clocks.desk += by;
    pass(every);
    expect(look()).toBe(0);
  });

  it("goes on over a slow answer and clocks that are slewed", () => {
    const { clocks, pass, look } = watching();
    clocks.desk += 900;
    clocks.wall -= 20;
    pass(2 * every);
    expect(look()).toBe(110_000);
  });
});
