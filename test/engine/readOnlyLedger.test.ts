import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { expect, it } from "vitest";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import { type Ledger, LedgerUnavailable } from "#server/ports.ts";
import { agentClient, eventually, startChat, visitorClient } from "../support/clients.ts";
import { startServer } from "../support/server.ts";

it("[R10] a Ledger that can be read and not written is tried at the router's pulse, not in a loop", {
  timeout: 30_000,
}, async () => {
  const clock = { now: () => Date.now() };
  const inner = memoryLedger(clock, v7());
  let readOnly = false;
  let looks = 0;
  // As PostgreSQL after a failover, before the application is told.
  const ledger: Ledger = {
    ...inner,
    async commit(change) {
      // A turn of the loop, as every real store takes: without one a loop would stop the test too.
      await sleep(1);
      if (readOnly) throw new LedgerUnavailable("read-only");
      return inner.commit(change);
    },
    async unattended(...asked) {
      looks += 1;
      return inner.unattended(...asked);
    },
  };
  const server = await startServer({ ledger, desk: memoryDesk(clock) });
  try {
    const visitor = await visitorClient(server);
    const chat = await startChat(visitor);
    readOnly = true;
    const agent = await agentClient(server);
    await agent.command({ kind: "presence", status: "online" });
    await eventually(() => looks > 0);
    const before = looks;
    const began = performance.now();
    await sleep(400);
    // One a second, and what was under way; a loop would look hundreds of times in each.
    const seconds = (performance.now() - began) / 1_000;
    expect(looks - before).toBeLessThan(5 + 2 * seconds);
    readOnly = false;
    await eventually(async () => {
      const now = await inner.conversation(server.workspace, chat);
      return now?.status === "assigned";
    });
    visitor.close();
    agent.close();
  } finally {
    await server.close();
  }
});
