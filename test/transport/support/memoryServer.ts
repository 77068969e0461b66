import { v7 as uuid } from "uuid";
import { vi } from "vitest";
import type { World } from "#server/app.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import { firstContents } from "#server/setup/firstContents.ts";
import { startServer, type TestServer } from "../../support/server.ts";

// A loaded machine is slow, not broken.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 30_000 });

const clock = { now: () => Date.now() };

/** Hashing passwords is slow on purpose, so a file's servers share one set of people. */
const contents = firstContents({
  at: Date.now(),
  ids: { next: () => uuid() },
  admin: { email: null, password: null },
  demo: true,
});

/** The real server over stores in memory: fast to start, with doors to make the stores fail. */
export async function memoryServer(env: Record<string, string> = {}, world: Partial<World> = {}) {
  const { seed, signIns } = await contents;
  const ledger = memoryLedger(world.clock ?? clock, "epoch-of-this-test");
  const desk = memoryDesk(world.clock ?? clock);
  const seeded = {
    ...ledger,
    async isEmpty(...[workspace]: Parameters<typeof ledger.isEmpty>) {
      await ledger.seed(workspace, seed);
      return false;
    },
  };
  const server: TestServer = await startServer({ ledger: seeded, desk }, { env, world });
  return { ...server, signIns, ledger: seeded, desk };
}

export type MemoryServer = Awaited<ReturnType<typeof memoryServer>>;
