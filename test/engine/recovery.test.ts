import { afterEach, describe, expect, it } from "vitest";
import { type Conversation, ownerOf } from "#shared/model/conversation.ts";
import type { AgentId, ConversationId } from "#shared/model/ids.ts";
import { hours } from "#shared/model/time.ts";
import { agentNamespace } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  connect,
  eventually,
  newId,
  signIn,
  startChat,
  visitorClient,
} from "../support/clients.ts";
import { type MemoryServer, memoryServer } from "../transport/support/memoryServer.ts";
import { assigned, wholeLog } from "../transport/support/reading.ts";

const often = { every: 60, secondLookAfter: 60 };
let server: MemoryServer;
const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await server.close();
});

async function newVisitor() {
  const visitor = await visitorClient(server);
  open.push(visitor);
  return visitor;
}
async function newAgent(who: number, status = "online") {
  const agent = await agentClient(server, who);
  open.push(agent);
  await agent.command({ kind: "presence", status });
  return agent;
}
/** Anna holds four, two wait. */
async function busyFloor(): Promise<ConversationId[]> {
  await newAgent(1);
  const chats: ConversationId[] = [];
  for (let i = 0; i < 6; i++) chats.push(await startChat(await newVisitor()));
  await eventually(async () => (await server.desk.inventory(server.workspace)).placed.length === 6);
  await eventually(async () => (await server.desk.floor(server.workspace, 9)).waiting.length === 2);
  await server.app.settle();
  return chats;
}
const ownerIn = (conversation: Conversation | null) => conversation && ownerOf(conversation);
const repairs = () => server.app.reconciled().repairs;
const none = { missing: 0, ghost: 0, misplaced: 0, misranked: 0, ahead: 0, torn: 0 };
const looksAgain = async () => {
  const { looks } = server.app.reconciled();
  await eventually(() => server.app.reconciled().looks > looks + 2);
};

describe("the reconciler", () => {
  it("[RC2] repairs nothing in a healthy house, and each difference once", async () => {
    server = await memoryServer({}, { pace: { reconciler: often } });
    const { desk, workspace } = server;
    const chats = await busyFloor();
    await looksAgain();
    expect(repairs()).toEqual(none);

    const before = (await desk.inventory(workspace)).placed;
    const find = (id?: string) => before.find(({ conversation }) => conversation === id);
    const [held, , , , first, second] = chats;
    const [one, two, anna] = [find(first), find(second), find(held)];
    if (!one || !two || !anna) throw new Error("not all are placed");
    const ghost = newId<ConversationId>();
    // A write that was lost, one that came twice as something else, one from nowhere.
    await desk.place(workspace, one.conversation, one.seq, { at: "nowhere" });
    await desk.place(workspace, two.conversation, two.seq, anna.place);
    await desk.place(workspace, anna.conversation, anna.seq, two.place);
    await desk.place(workspace, ghost, 3, two.place);
    await eventually(async () => {
      const { placed } = await desk.inventory(workspace);
      const key = ({ conversation, place }: (typeof placed)[number]) =>
        `${conversation} ${JSON.stringify(place)}`;
      expect(placed.map(key).sort()).toEqual(before.map(key).sort());
      return true;
    });
    await looksAgain();
    expect(repairs()).toEqual({ ...none, missing: 1, ghost: 1, misplaced: 2 });
    const told = server.log.filter((line) => line.includes("put right"));
    expect(told.map((line) => JSON.parse(line).repairs)).toEqual([
      { missing: 1, misplaced: 2, ghost: 1 },
    ]);
    expect(JSON.stringify(told)).not.toContain("Hello");
  });

  it("[RC3] makes an emptied floor anew: same order, same agents, nobody told otherwise", async () => {
    server = await memoryServer({}, { pace: { reconciler: often } });
    const { desk, workspace, ledger } = server;
    const chats = await busyFloor();
    const order = async () => (await desk.floor(workspace, 9)).waiting.map((w) => w.conversation);
    // By now people have written more, so the floor knows them by newer numbers.
    const places = async () =>
      (await desk.inventory(workspace)).placed
        .map(({ conversation, place }) => `${conversation} ${JSON.stringify(place)}`)
        .sort();
    const before = await places();
    const waiting = await order();
    expect(waiting).toEqual(chats.slice(4));
    const heads = await ledger.heads(workspace, chats);
    desk.empty();
    await eventually(async () => (await desk.epoch(workspace))?.state === "ready");
    expect(await order()).toEqual(waiting);
    expect(await places()).toEqual(before);
    expect(await ledger.heads(workspace, chats)).toEqual(heads);
  });

  it("[RC19] makes a floor anew that has seen more than SQL has", async () => {
    server = await memoryServer({}, { pace: { reconciler: often } });
    const { desk, workspace } = server;
    const chats = await busyFloor();
    const [first] = (await desk.inventory(workspace)).placed.filter(
      ({ place }) => place.at === "queue",
    );
    if (!first) throw new Error("nobody waits");
    await desk.place(workspace, first.conversation, first.seq + 5, { at: "nowhere" });
    const ahead = (await desk.inventory(workspace)).placed.find(
      ({ place }) => place.at === "queue",
    );
    if (!ahead) throw new Error("nobody else waits");
    await desk.place(workspace, ahead.conversation, ahead.seq + 5, ahead.place);
    await eventually(() => repairs().ahead === 1);
    await eventually(async () => {
      const { placed, state } = await desk.inventory(workspace);
      expect(state).toBe("ready");
      expect(placed.map(({ conversation }) => conversation).sort()).toEqual([...chats].sort());
      const truth = await server.ledger.conversation(workspace, ahead.conversation);
      const now = placed.find((one) => one.conversation === ahead.conversation);
      expect(now?.seq).toBe(truth?.seq);
      return true;
    });
  });

  it("[RC4] works on one node at a time; another takes over when the first leaves", async () => {
    server = await memoryServer({}, { pace: { reconciler: often } });
    const { startServer } = await import("../support/server.ts");
    const other = await startServer(server, {
      world: { workspace: server.workspace, pace: { reconciler: often } },
    });
    await looksAgain();
    expect(other.app.reconciled().looks).toBe(0);
    await server.app.close();
    await eventually(() => other.app.reconciled().looks > 2);
    server = { ...server, close: () => other.close() };
  });
});

describe("an agent whose connections are gone", () => {
  const pace = { absentees: { grace: 400, every: 50 } };

  it("[RC5] keeps its chats for the grace; then they wait again, first in line, and the visitor reads why", async () => {
    server = await memoryServer({}, { pace });
    const anna = await newAgent(1);
    const visitor = await newVisitor();
    const conversation = await startChat(visitor);
    const { fence } = await assigned(visitor, conversation);
    // A live agent is never gone, however long ago its last beat was.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const left = Date.now();
    anna.close();
    await eventually(() =>
      visitor.events.some(({ kind, fence: now }) => kind === "queued" && now > fence),
    );
    expect(Date.now() - left).toBeGreaterThanOrEqual(395);
    const log = await wholeLog(visitor, conversation);
    const entries = log.flatMap((event) => (event.kind === "queued" ? [event] : []));
    expect(entries.at(-1)).toMatchObject({
      by: { kind: "system" },
      body: { why: "agentGone", queuedAt: entries[0]?.body.queuedAt },
    });
    const agents = await server.ledger.agents(server.workspace);
    expect(agents.find(({ id }) => id === anna.welcome.me.id)).toMatchObject({
      status: "online",
      used: 0,
    });
    // A colleague takes it, or the same agent as soon as it is back.
    const back = await agentClient(server, 1);
    open.push(back);
    await eventually(() =>
      visitor.events.some(({ kind, fence: now }) => kind === "assigned" && now > fence + 1),
    );
    const late = { kind: "say", conversation, fence, content: { type: "text", text: "Still me" } };
    expect(await back.command(late)).toMatchObject({ ok: false, refusal: { code: "fenced" } });
  });

  it("[RC5] who is back within the grace finds its chats untouched", async () => {
    server = await memoryServer({}, { pace: { absentees: { grace: 3_000, every: 50 } } });
    const anna = await newAgent(1);
    const visitor = await newVisitor();
    const conversation = await startChat(visitor);
    const { fence } = await assigned(visitor, conversation);
    // Signing in takes its time; a reload doesn't sign in again.
    const cookie = await signIn(server, 1);
    anna.close();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const back = await connect(server, agentNamespace, {
      extraHeaders: { cookie, origin: server.config.publicUrl },
    });
    open.push(back);
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    const say = { kind: "say", conversation, fence, content: { type: "text", text: "Sorry" } };
    expect(await back.command(say)).toMatchObject({ ok: true });
  });

  it("[RC6] an emptied Redis starts the grace anew, for those who are there and for those who aren't", async () => {
    server = await memoryServer({}, { pace: { absentees: { grace: 1_000, every: 50 } } });
    const { desk, workspace } = server;
    const anna = await newAgent(1);
    const visitor = await newVisitor();
    const conversation = await startChat(visitor);
    const { fence } = await assigned(visitor, conversation);
    const agent = anna.welcome.me.id as AgentId;
    anna.close();
    await eventually(
      async () => ((await desk.absence(workspace, "agent", [agent])).silentFor[0] ?? 0) > 600,
    );
    desk.empty();
    const emptied = Date.now();
    await eventually(() =>
      visitor.events.some(({ kind, fence: now }) => kind === "queued" && now > fence),
    );
    expect(Date.now() - emptied).toBeGreaterThanOrEqual(990);
  });
});

describe("a node that is closed", () => {
  it("[RC26] has told the Desk of everybody who was connected to it, though the Desk is slow", async () => {
    const { startServer } = await import("../support/server.ts");
    server = await memoryServer();
    const desk: typeof server.desk = {
      ...server.desk,
      async gone(...who) {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await server.desk.gone(...who);
      },
    };
    const { workspace, ledger, signIns } = server;
    const draining = {
      ...(await startServer({ ledger, desk }, { world: { workspace } })),
      signIns,
    };
    const anna = await agentClient(draining, 1);
    open.push(anna);
    const live = async () => [...(await server.desk.floor(workspace, 0)).live];
    await eventually(async () => (await live()).length === 1);
    await draining.close();
    expect(await live()).toEqual([]);
  });
});

describe("a clock that is not to be trusted", () => {
  it("[RC23] a machine that slept for an hour moves nobody", async () => {
    let slept = 0;
    const clock = { now: () => Date.now() + slept };
    const pace = { absentees: { grace: 3_000, every: 50 } };
    server = await memoryServer({}, { pace, clock });
    const anna = await newAgent(1);
    const conversation = await startChat(await newVisitor());
    const agent = anna.welcome.me.id as AgentId;
    await eventually(
      async () =>
        ownerIn(await server.ledger.conversation(server.workspace, conversation)) === agent,
    );
    // The watch has lasted for the grace.
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    slept = hours(1);
    const { silentFor } = await server.desk.absence(server.workspace, "agent", [agent]);
    expect(silentFor[0]).toBeGreaterThan(hours(1) - 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await server.ledger.conversation(server.workspace, conversation);
    expect(ownerIn(now)).toBe(agent);
  });
});

describe("a visitor who waits and is gone", () => {
  const pace = { absentees: { grace: 60_000, every: 50, visitorGrace: 600 } };
  const now = (conversation: ConversationId) =>
    server.ledger.conversation(server.workspace, conversation);

  it("[RC24] leaves the queue after the grace, and is back in it with the next words", async () => {
    server = await memoryServer({}, { pace });
    await newAgent(1);
    const held = await newVisitor();
    const first = await startChat(held);
    await assigned(held, first);
    // Anna holds as many as she may; the others wait.
    for (let i = 0; i < 3; i++) await startChat(await newVisitor());
    const [stays, leaves, silent] = await Promise.all([newVisitor(), newVisitor(), newVisitor()]);
    const [kept, left] = [await startChat(stays), await startChat(leaves)];
    const nothing = newId<ConversationId>();
    await silent.command({ kind: "start", conversation: nothing });
    await eventually(async () => (await now(nothing))?.status === "queued");
    const before = await now(left);
    const gone = performance.now();
    for (const one of [leaves, silent, held]) one.close();
    await eventually(async () => (await now(left))?.status === "parked");
    expect(performance.now() - gone).toBeGreaterThanOrEqual(590);
    await eventually(async () => (await now(nothing))?.status === "closed");
    expect(await now(left)).toMatchObject({ why: "visitorAway", wakeAt: null });
    expect(await now(nothing)).toMatchObject({ reason: "abandoned" });
    expect(await now(first)).toMatchObject({ status: "assigned" });
    const { waiting } = await server.desk.floor(server.workspace, 9);
    expect(waiting.map((chat) => chat.conversation)).toEqual([kept]);

    const back = await visitorClient(server, { token: leaves.token });
    open.push(back);
    const say = { kind: "say", conversation: left, content: { type: "text", text: "Here again" } };
    expect(await back.command(say)).toMatchObject({ ok: true });
    await eventually(async () => (await now(left))?.status === "queued");
    expect((await now(left))?.queuedAt).toBe(before?.unansweredSince);
    expect(await now(kept)).toMatchObject({ status: "queued" });
  });
});
