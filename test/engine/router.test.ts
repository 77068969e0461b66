import { describe, expect, it } from "vitest";
import type { ConversationCommand } from "#server/domain/commands.ts";
import type { Directory } from "#server/engine/directory.ts";
import type { Dispatch } from "#server/engine/dispatch.ts";
import { createRouter } from "#server/engine/router.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import type { AgentRecord, QueueRecord } from "#server/ports.ts";
import type { AgentId, ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";

const workspace = "w" as WorkspaceId;
const crowded = "crowded" as QueueId;
const quiet = "quiet" as QueueId;
const anna = "anna" as AgentId;

describe("the router", () => {
  it("[R11] finds who waits for a free agent behind any crowd that waits for nobody", async () => {
    let now = 1_000_000;
    const clock = { now: () => now };
    const desk = memoryDesk(clock);
    await desk.beginRebuild(workspace, "first");
    await desk.finishRebuild(workspace, "first");
    const place = (id: string, queue: QueueId, score: number) =>
      desk.place(workspace, id as ConversationId, 2, {
        ...{ at: "queue", queue, score, queuedAt: score, units: 100 },
      });
    for (let n = 0; n < 700; n++) await place(`crowd ${n}`, crowded, n);
    await place("last", quiet, 1_000);
    await desk.beat(workspace, { kind: "agent", id: anna, connection: "c" }, 60_000);

    const agent = { id: anna, name: "Anna", queues: [quiet], status: "online", capacity: 400 };
    const directory = {
      agents: new Map([
        [anna, { ...agent, disabled: false, lastAssignedAt: 0 } as unknown as AgentRecord],
      ]),
      queues: new Map<QueueId, QueueRecord>(),
      setLive() {},
      staffed: () => false,
    } as unknown as Directory;
    const sent: ConversationCommand[] = [];
    const dispatch = {
      read: async () => null,
      async send(command: ConversationCommand) {
        sent.push(command);
        const { conversation } = command;
        await desk.place(workspace, conversation, 3, { at: "agent", agent: anna, units: 100 });
        return { ok: true, conversation, seq: 3, at: now, repeat: false };
      },
    } as unknown as Dispatch;
    const failures: unknown[] = [];
    const router = createRouter({
      ...{ workspace, desk, directory, dispatch, clock, node: "n" },
      ledger: memoryLedger(clock, "e"),
      ids: { next: () => "id" },
      rebuild: async () => {},
      warn: (_, error) => void failures.push(error),
    });
    now += 5_000;
    router.wake();
    await router.settle();
    await router.stop();
    expect(failures).toEqual([]);
    expect(sent).toMatchObject([{ kind: "assign", conversation: "last", agent: anna }]);
  });
});
