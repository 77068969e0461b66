import { describe, expect, it, vi } from "vitest";
import type { Outcome } from "./campaigns/campaign.ts";
import { commitCut } from "./campaigns/commitCut.ts";
import { flush } from "./campaigns/flush.ts";
import { kill } from "./campaigns/kill.ts";
import { nodes } from "./campaigns/nodes.ts";
import { postgresKill } from "./campaigns/postgres.ts";
import { redisAway } from "./campaigns/redisAway.ts";
import { rolling } from "./campaigns/rolling.ts";

// Starting servers over and over is slow on a busy machine; nothing here waits for time to pass.
vi.setConfig({ testTimeout: 180_000 });

/** The campaigns of `npm run chaos`, small enough for every day. */
async function holds(campaign: Promise<Outcome>): Promise<void> {
  const { figures, violations } = await campaign;
  console.log(JSON.stringify(figures));
  expect(violations).toEqual([]);
}

describe("what was acknowledged is there exactly once, and what wasn't is delivered", () => {
  it.each(["native", "embedded"] as const)(
    "[RC10] over kill -9 of the server, %s stores",
    (stores) => holds(kill({ stores, kills: 1, bots: 10, messages: 12, seed: 1 })),
  );

  it("[RC11] over the death of PostgreSQL under load", () =>
    holds(postgresKill({ kills: 1, bots: 10, messages: 15, seed: 2 })));

  it("[RC12] while Redis is away, which stops no acknowledgement", () =>
    holds(redisAway({ awaySeconds: 3, bots: 8, seed: 3 })));

  it("[RC14] over connections reset around COMMIT", () =>
    holds(commitCut({ commits: 30, seed: 5 })));

  it.each(["flushall", "restart"] as const)(
    "[RC15] over a Redis that lost everything (%s): same order, same agents, nobody moved",
    (how) => holds(flush({ waiting: 120, agents: 6, how, seed: 6 })),
  );

  it("[RC21] while every node is drained in turn, which two people in browsers hardly notice", () =>
    holds(rolling({ nodes: 3, rounds: 1 })));

  it("[RC13] [RC22] over a node that stands still for longer than the lease it routes by, and chats elsewhere go on", () =>
    holds(
      nodes({
        nodes: 3,
        seconds: 9,
        everySeconds: 2,
        bots: 8,
        fault: "SIGSTOP",
        stallSeconds: [11],
        seed: 4,
      }),
    ));
});
