import { describe, expect, it } from "vitest";
import { createDirectory } from "#server/engine/directory.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import type { AgentRecord } from "#server/ports.ts";
import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";

const clock = { now: () => 0 };
const workspace = "w" as WorkspaceId;
const anna = "anna" as AgentId;

describe("the directory", () => {
  it("[R12] keeps the newest of overlapping reads, in whatever order they are answered", async () => {
    const answers: ((status: AgentRecord["status"]) => void)[] = [];
    const agents = () =>
      new Promise<AgentRecord[]>((resolve) =>
        answers.push((status) => resolve([{ id: anna, status, queues: [] as never } as never])),
      );
    const ledger = { ...memoryLedger(clock, "e"), agents };
    const directory = createDirectory({ workspace, ledger, desk: memoryDesk(clock), origins: [] });
    const status = () => directory.agents.get(anna)?.status;

    const reads = [directory.refresh(), directory.refresh(), directory.refreshAgents()];
    answers[2]?.("online");
    await reads[2];
    answers[0]?.("away");
    answers[1]?.("away");
    await Promise.all(reads);
    expect(status()).toBe("online");

    const next = directory.refreshAgents();
    answers[3]?.("away");
    await next;
    expect(status()).toBe("away");
  });
});
