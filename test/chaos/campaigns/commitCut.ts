import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "#server/demo/random.ts";
import { LedgerUnavailable } from "#server/ports.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import { World } from "../../contract/ledgerWorld.ts";
import { startCutter } from "../../support/cutter.ts";
import { startPostgres } from "../../support/postgres.ts";
import { type Outcome, secondsSince, withCleanup } from "./campaign.ts";

export type CommitCutOptions = { commits: number; seed: number };

/**
 * Each commit loses its connection somewhere around its COMMIT (fault F11): half of them after it was
 * taken and before it was answered, half at a random instant. Whoever isn't answered asks again.
 */
export function commitCut({ commits, seed }: CommitCutOptions): Promise<Outcome> {
  return withCleanup(async (later) => {
    const random = seeded(seed);
    const postgres = await startPostgres();
    later(() => postgres.stop());
    const cutter = await startCutter(postgres.port);
    later(() => cutter.close());
    const url = await postgres.database();
    const direct = postgresLedger(openPool(url));
    later(() => direct.close());
    const driver = openPool(url.replace(`:${postgres.port}/`, `:${cutter.port}/`));
    await migrate(driver);
    const ledger = postgresLedger(driver);
    later(() => ledger.close());
    const world = await World.open(ledger);
    const chat = await world.waiting();
    const violations: string[] = [];
    const answers: Record<string, number> = { committed: 0, repeat: 0, unknown: 0 };
    const began = performance.now();
    for (let i = 0; i < commits; i += 1) {
      const change = chat.change(chat.visitorActor, [chat.said(`message ${i}`)]);
      if (i % 2) cutter.deafen();
      const cutting = sleep(random() * 12).then(() => cutter.cut());
      let answer: Awaited<ReturnType<typeof ledger.commit>> | null = null;
      while (!answer) {
        answer = await ledger.commit(change).catch((error: unknown) => {
          if (!(error instanceof LedgerUnavailable)) throw error;
          answers.unknown = (answers.unknown ?? 0) + 1;
          return null;
        });
      }
      await cutting;
      answers[answer.status] = (answers[answer.status] ?? 0) + 1;
      if (answer.status !== "committed" && answer.status !== "repeat") {
        violations.push(`commit ${i} was answered ${answer.status}`);
      }
      chat.state = change.conversation;
      chat.events.push(...change.events);
    }
    const log = await direct.events(world.workspace, chat.id, "supervisor", 2, commits + 10);
    const said = log.map(({ cause }) => cause);
    const due = chat.events.slice(2).map(({ cause }) => cause);
    if (said.join() !== due.join()) {
      violations.push(`${said.length} events of ${new Set(said).size} commands for ${due.length}`);
    }
    return { figures: { commits, ...answers, seconds: secondsSince(began) }, violations };
  });
}
