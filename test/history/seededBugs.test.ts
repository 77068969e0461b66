import { afterAll, describe, expect, it, vi } from "vitest";
import { described, type Invariant } from "../support/history/check.ts";
import {
  acksBeforeCommit,
  dropsOnTimeout,
  forgetsCommands,
  forgetsLoad,
  readsBeforeJoining,
  requeuesAtTheEnd,
} from "../support/history/seededBugs.ts";
import { type StormOptions, storm } from "../support/history/storm.ts";

/** Two of the mistakes are made in pure functions, which have no port to stand between. */
const mistake = vi.hoisted(() => ({ ignoresFences: false, showsNotes: false }));

vi.mock("#server/domain/decide.ts", async (original) => {
  const real = await original<typeof import("#server/domain/decide.ts")>();
  const decide: typeof real.decide = (conversation, command, facts) => {
    const unfenced = mistake.ignoresFences && conversation !== null && "fence" in command;
    const taken = unfenced ? { ...command, fence: conversation.fence } : command;
    return real.decide(conversation, taken, facts);
  };
  return { ...real, decide };
});

vi.mock("#shared/domain/visible.ts", async (original) => {
  const real = await original<typeof import("#shared/domain/visible.ts")>();
  const visible: typeof real.visible = (audience, event) =>
    mistake.showsNotes && event.kind === "note" ? event : real.visible(audience, event);
  return { ...real, visible };
});

type Bug = {
  what: string;
  /** The invariants that may notice it. */
  caughtBy: readonly Invariant[];
  /** What the storm is given. */
  in?: Pick<StormOptions, "stores" | "client">;
  pure?: keyof typeof mistake;
};

const bugs: readonly Bug[] = [
  { what: "ack before commit", caughtBy: ["I1"], in: { stores: { ledger: acksBeforeCommit } } },
  { what: "dedupe forgotten", caughtBy: ["I4"], in: { stores: { ledger: forgetsCommands } } },
  { what: "fence unchecked", caughtBy: ["I11"], pure: "ignoresFences" },
  { what: "requeue to the tail", caughtBy: ["I13"], in: { stores: { desk: requeuesAtTheEnd } } },
  { what: "notes sent to the visitor", caughtBy: ["I14"], pure: "showsNotes" },
  {
    what: "outbox dropped on timeout",
    caughtBy: ["I1"],
    in: { client: { wire: (_page, wire) => dropsOnTimeout(wire) } },
  },
  {
    what: "join after read",
    // Something is missed for good, or what was sent already is taken back by an old reading.
    caughtBy: ["I3", "I16"],
    in: { client: { wire: (_page, wire) => readsBeforeJoining(wire) } },
  },
  { what: "load not rebuilt", caughtBy: ["I8"], in: { stores: { desk: forgetsLoad } } },
];

/** Each bug must be caught within so many storms. */
const mostRuns = 5;

describe("The history checker", () => {
  const table: Record<string, unknown>[] = [];
  afterAll(() => console.table(table));

  it("[H1] finds nothing wrong with honest storms", { timeout: 60_000 }, async () => {
    for (const seed of [1, 2]) {
      const { violations, figures } = await storm({ seed });
      expect(violations.slice(0, 10).map(described)).toEqual([]);
      table.push({ bug: `none (seed ${seed})`, violations: 0, ...figures });
    }
  });

  it.each(bugs)("[H2] catches: $what", { timeout: 120_000 }, async (bug) => {
    const { pure, what, caughtBy } = bug;
    for (let run = 1; run <= mostRuns; run++) {
      if (pure) mistake[pure] = true;
      const { violations, figures } = await storm({
        seed: run,
        settlingMs: 300,
        ...bug.in,
      }).finally(() => {
        if (pure) mistake[pure] = false;
      });
      const caught = violations.filter(({ invariant }) => caughtBy.includes(invariant));
      const [first] = caught;
      if (!first) continue;
      const all = [...new Set(violations.map(({ invariant }) => invariant))].join(" ");
      table.push({ bug: what, runs: run, violations: violations.length, all, ...figures });
      console.log(`${what}: ${described(first)}`);
      return;
    }
    expect.fail(`${what} went unnoticed in ${mostRuns} storms`);
  });
});
