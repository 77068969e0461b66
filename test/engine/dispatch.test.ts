import { v7 as uuid } from "uuid";
import { beforeEach, describe, expect, it } from "vitest";
import { createDirectory } from "#server/engine/directory.ts";
import { createDispatch, type Dispatch } from "#server/engine/dispatch.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { type MemoryLedger, memoryLedger } from "#server/memory/ledger.ts";
import type { Ledger, Seed } from "#server/ports.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import type { Because } from "#shared/protocol/events.ts";

const clock = { now: () => Date.now() };
const id = <T extends string>() => uuid() as T;

const workspace = id<WorkspaceId>();
const queue = id<QueueId>();
const site = id<SiteId>();
const visitor = id<VisitorId>();
const anna = id<AgentId>();

const because: Because = {
  reason: "onlyCandidate",
  waitedMs: 0,
  position: 1,
  filtered: { notMember: 0, away: 0, notLive: 0, full: 0 },
  candidates: [],
  versions: { engine: 1, queue: 1 },
};
const seed: Seed = {
  at: 0,
  name: "Test",
  queues: [{ id: queue, name: "Support", escalatesTo: null, stepSeconds: 60 }],
  sites: [{ id: site, key: "shop", name: "Shop", origins: [], accent: null, queue }],
  agents: [
    {
      id: anna,
      email: "anna@shop.test",
      name: "Anna",
      role: "agent",
      passwordHash: "",
      capacity: 400,
      queues: [queue],
    },
  ],
  cannedReplies: [],
};
const text = (words: string) => ({ type: "text" as const, text: words });
const byVisitor = {
  by: { kind: "visitor" as const, id: visitor },
  arrival: { site, visitor, queue, locale: "en", zone: "UTC" },
};
const byAnna = { by: { kind: "agent" as const, id: anna } };
const byRouter = { by: { kind: "system" as const, id: "router" } };

let ledger: MemoryLedger;

/** A node of its own: it shares the log with others and nothing else, as when no notice arrives. */
async function node(of: Ledger = ledger): Promise<Dispatch> {
  const directory = createDirectory({
    workspace,
    ledger: of,
    desk: memoryDesk(clock),
    origins: [],
  });
  await directory.refresh();
  directory.setLive(new Set([anna]));
  return createDispatch({
    workspace,
    ledger: of,
    directory,
    clock,
    secret: "secret",
    committed: () => undefined,
    uncertain: () => undefined,
  });
}

beforeEach(async () => {
  ledger = memoryLedger(clock, "epoch");
  await ledger.seed(workspace, seed);
  await ledger.declareStatus(
    workspace,
    anna,
    "online",
    {
      id: id<CommandId>(),
      subject: { kind: "agent", id: anna },
      sender: { kind: "agent", id: anna },
      hash: "",
    },
    0,
  );
});

describe("two nodes on one log", () => {
  it("[P19] nobody is refused over what one node remembers and another has changed", async () => {
    const [here, there] = [await node(), await node()];
    const conversation = id<ConversationId>();
    await here.send({ kind: "start", id: id<CommandId>(), conversation }, byVisitor);
    const before = await there.read(conversation);
    expect(before?.status).toBe("queued");
    const assign = {
      kind: "assign" as const,
      id: id<CommandId>(),
      conversation,
      agent: anna,
      because,
    };
    await here.send({ ...assign, fence: before?.fence ?? 0 }, byRouter);
    const fence = (await here.read(conversation))?.fence ?? 0;
    // There the chat still has no owner: what Anna sends is judged by the log.
    const say = { kind: "say" as const, id: id<CommandId>(), conversation, content: text("Hi") };
    expect(await there.send({ ...say, fence }, byAnna)).toMatchObject({ ok: true, seq: 4 });
    await there.send({ kind: "close", id: id<CommandId>(), conversation, fence }, byAnna);
    // Here it is still open: the message reopens it instead of landing in what is closed.
    const late = { kind: "say" as const, id: id<CommandId>(), conversation, content: text("Wait") };
    expect(await here.send(late, byVisitor)).toMatchObject({ ok: true, seq: 6 });
    expect((await ledger.conversation(workspace, conversation))?.status).toBe("queued");
  });

  it("[P19] commands sent to both at once are all kept, in one order without holes", async () => {
    const nodes = [await node(), await node(), await node()];
    const conversation = id<ConversationId>();
    await nodes[0]?.send({ kind: "start", id: id<CommandId>(), conversation }, byVisitor);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        nodes[i % 3]?.send(
          { kind: "say", id: id<CommandId>(), conversation, content: text(`Line ${i}`) },
          byVisitor,
        ),
      ),
    );
    const taken = answers.filter((answer) => answer?.ok);
    // Whoever lost too often is told to try again; nothing is lost without a word.
    for (const answer of answers) {
      if (answer?.ok === false) expect(answer.refusal.code).toBe("retry");
    }
    const events = await ledger.events(workspace, conversation, "agent", 0, 200);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.filter(({ kind }) => kind === "message")).toHaveLength(taken.length);
  });

  it("[P24] what was read before another node's commit was heard of is not remembered after it", async () => {
    const late = Promise.withResolvers<void>();
    let held = false;
    const slow: Ledger = {
      ...ledger,
      async conversation(...which) {
        const found = await ledger.conversation(...which);
        if (held) await late.promise;
        return found;
      },
    };
    const [here, there] = [await node(slow), await node()];
    const conversation = id<ConversationId>();
    await there.send({ kind: "start", id: id<CommandId>(), conversation }, byVisitor);
    held = true;
    const reading = here.read(conversation);
    await new Promise((resolve) => setImmediate(resolve));
    const say = { kind: "say" as const, id: id<CommandId>(), conversation, content: text("New") };
    const { seq } = (await there.send(say, byVisitor)) as { seq: number };
    here.forget(conversation);
    held = false;
    late.resolve();
    await reading;
    expect((await here.read(conversation))?.seq).toBe(seq);
  });

  it("[P24] nor a commit of its own on which another node has built meanwhile", async () => {
    const here = await node({
      ...ledger,
      async commit(change) {
        const committed = await ledger.commit(change);
        if (change.conversation.seq > 2) {
          const on = { kind: "say" as const, id: id<CommandId>(), conversation };
          await there.send({ ...on, content: text("On top") }, byVisitor);
          here.forget(conversation);
        }
        return committed;
      },
    });
    const there = await node();
    const conversation = id<ConversationId>();
    await here.send({ kind: "start", id: id<CommandId>(), conversation }, byVisitor);
    const say = { kind: "say" as const, id: id<CommandId>(), conversation, content: text("Mine") };
    expect(await here.send(say, byVisitor)).toMatchObject({ ok: true });
    const truth = await ledger.conversation(workspace, conversation);
    expect((await here.read(conversation))?.seq).toBe(truth?.seq);
  });
});
