import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "#server/demo/random.ts";
import { LedgerUnavailable } from "#server/ports.ts";
import { postgresLedger } from "#server/postgres/ledger.ts";
import { migrate } from "#server/postgres/migrate.ts";
import { openPool } from "#server/postgres/pool.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import { World } from "../../contract/ledgerWorld.ts";
import { startCutter } from "../../support/cutter.ts";
import { handWire } from "../../support/history/handWire.ts";
import { recorder } from "../../support/history/record.ts";
import { startPostgres } from "../../support/postgres.ts";
import { type Outcome, secondsSince, withCleanup } from "./campaign.ts";
import { violationsIn } from "./judged.ts";

export type CommitCutOptions = { commits: number; seed: number };

/**
 * Each commit loses its connection somewhere around its COMMIT: half of them after it was
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
    const chat = world.chat();
    const answers: Record<string, number> = { committed: 0, repeat: 0, unknown: 0 };
    const { history, watch } = recorder();
    let change = chat.change(chat.visitorActor, [chat.started(), chat.queued()]);
    const who = { tab: "the visitor", side: "visitor" as const, number: 1 };
    const wire = watch.wire(
      who,
      handWire(async () => {
        const { status, ...answer } = await ledger.commit(change);
        answers[status] = (answers[status] ?? 0) + 1;
        if (!("seq" in answer)) return { ok: false, refusal: { code: status, retry: false } };
        return { ok: true, ...answer, conversation: chat.id, repeat: status === "repeat" };
      }),
    );
    /** Asks until there is an answer, as an outbox does. */
    async function sent(kind: string, more: object): Promise<Answer<Accepted>> {
      const id = change.command.id;
      for (;;) {
        try {
          const command = { id, kind, conversation: chat.id, ...more };
          return (await wire.emitWithAck("command", command, 0)) as Answer<Accepted>;
        } catch (error) {
          if (!(error instanceof LedgerUnavailable)) throw error;
          answers.unknown = (answers.unknown ?? 0) + 1;
        }
      }
    }
    const stands = () => {
      chat.state = change.conversation;
      chat.events.push(...change.events);
    };
    await sent("start", {});
    stands();
    const violations: string[] = [];
    const began = performance.now();
    for (let i = 0; i < commits; i += 1) {
      const text = `message ${i}`;
      change = chat.change(chat.visitorActor, [chat.said(text)]);
      if (i % 2) cutter.deafen();
      const cutting = sleep(random() * 12).then(() => cutter.cut());
      const answer = await sent("say", { content: { type: "text", text } });
      await cutting;
      if (!answer.ok) violations.push(`commit ${i} was answered ${answer.refusal.code}`);
      stands();
    }
    const took = secondsSince(began);
    const log = await direct.events(world.workspace, chat.id, "supervisor", 0, commits + 10);
    const said = log.map(({ cause }) => cause);
    const due = chat.events.map(({ cause }) => cause);
    if (said.join() !== due.join()) {
      violations.push(`${said.length} events of ${new Set(said).size} commands for ${due.length}`);
    }
    const reading = openPool(url);
    later(() => reading.close());
    const { workspace } = world;
    violations.push(...(await violationsIn(history, reading, { complete: true, workspace })));
    const recorded = history.records.length;
    return { figures: { commits, ...answers, recorded, seconds: took }, violations };
  });
}
