import { afterEach, describe, expect, it, vi } from "vitest";
import { ownerOf, reopenWindow } from "#shared/model/conversation.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Accepted, AgentWelcome, Me } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../support/clients.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { assigned, newest, wholeLog } from "./support/reading.ts";

let server: MemoryServer;
const open: Client[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const client of open.splice(0)) client.close();
  await server.close();
});

async function newVisitor(more: { token?: string } = {}) {
  const visitor = await visitorClient(server, more);
  open.push(visitor);
  return visitor;
}

async function newAgent(
  who: number,
  status = "online",
): Promise<Client & { welcome: AgentWelcome }> {
  const agent = await agentClient(server, who);
  open.push(agent);
  await agent.command({ kind: "presence", status });
  return agent;
}

const text = (words: string) => ({ type: "text", text: words });
const statusOf = async (conversation: ConversationId) =>
  (await server.ledger.conversation(server.workspace, conversation))?.status;

describe("two tabs of one visitor", () => {
  it("[P12] that start at the same moment end in one conversation, known to both", async () => {
    server = await memoryServer();
    const one = await newVisitor();
    const two = await newVisitor({ token: one.token });
    const [mine, theirs] = [newId<ConversationId>(), newId<ConversationId>()];
    const answers = await Promise.all([
      one.command({ kind: "start", conversation: mine }),
      two.command({ kind: "start", conversation: theirs }),
    ]);
    const [won, lost] = answers[0]?.ok ? answers : [...answers].reverse();
    const conversation = answers[0]?.ok ? mine : theirs;
    expect(won).toMatchObject({ ok: true, conversation, repeat: false });
    expect(lost).toEqual({ ok: false, refusal: { code: "moved", retry: false, conversation } });
    // The refused tab sends what it had to the conversation it was told, under the same ids.
    const say = { id: newId(), kind: "say", conversation, content: text("From the other tab") };
    expect(await two.ask("command", say)).toMatchObject({ ok: true });
    expect(await one.ask("join", { conversation })).toMatchObject({ ok: true });
    expect((await wholeLog(two, conversation)).map(({ kind }) => kind)).toContain("message");
  });

  it("[P12] know each other although both connected before there was a visitor", async () => {
    server = await memoryServer();
    const one = await newVisitor();
    const two = await newVisitor({ token: one.token });
    const conversation = await startChat(one);
    expect(await two.ask("join", { conversation })).toMatchObject({ ok: true });
    const say = { kind: "say", conversation, content: text("Here too") };
    expect(await two.command(say)).toMatchObject({ ok: true });
    await eventually(() =>
      one.events.some(({ body }) => JSON.stringify(body).includes("Here too")),
    );
  });

  it("[P12] what follows a start on the wire at once is taken in order", async () => {
    server = await memoryServer();
    const visitor = await newVisitor();
    const conversation = newId<ConversationId>();
    const say = (words: string) => ({ kind: "say", conversation, content: text(words) });
    const answers = await Promise.all([
      visitor.command({ kind: "start", conversation }),
      visitor.command(say("one")),
      visitor.command(say("two")),
      visitor.command({ kind: "end", conversation }),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    const log = await wholeLog(visitor, conversation);
    const said = log.flatMap((event) => (event.kind === "message" ? [event.body.text] : []));
    expect(said).toEqual(["one", "two"]);
    expect(log.at(-1)?.kind).toBe("closed");
  });
});

describe("a closed conversation", () => {
  const closed = (more: object = {}) => ({
    ok: false,
    refusal: { code: "closed", retry: false, ...more },
  });

  it("[P13] reopens with a message while the window lasts, and is refused for good afterwards", async () => {
    server = await memoryServer();
    const visitor = await newVisitor();
    const conversation = await startChat(visitor);
    const say = () =>
      visitor.command({ kind: "say", conversation, content: text("One more thing") });
    await visitor.command({ kind: "end", conversation });
    expect(await visitor.command({ kind: "end", conversation })).toEqual(closed());
    expect(await say()).toMatchObject({ ok: true });
    expect(await statusOf(conversation)).toBe("parked");
    await visitor.command({ kind: "end", conversation });

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + reopenWindow + 60_000 });
    // A new connection: the one of a day ago has noticed that no ping came.
    const later = await newVisitor({ token: visitor.token });
    const content = text("One more thing");
    expect(await later.command({ kind: "say", conversation, content })).toEqual(
      closed({ startNew: true }),
    );
    expect(await later.command({ kind: "start", conversation })).toEqual(
      closed({ startNew: true }),
    );
    const fresh = newId<ConversationId>();
    expect(await later.command({ kind: "start", conversation: fresh })).toMatchObject({
      ok: true,
    });
  });

  it("[P13] doesn't reopen beside another open one: the message is told where to go", async () => {
    server = await memoryServer();
    const visitor = await newVisitor();
    const old = await startChat(visitor);
    await visitor.command({ kind: "end", conversation: old });
    const now = await startChat(visitor);
    const say = { kind: "say", conversation: old, content: text("To the old one") };
    expect(await visitor.command(say)).toEqual({
      ok: false,
      refusal: { code: "moved", retry: false, conversation: now },
    });
    expect(await statusOf(old)).toBe("closed");
  });
});

describe("a queue", () => {
  it("[P14] without anybody parks chats; the first to come online gets them", async () => {
    server = await memoryServer();
    const visitor = await newVisitor();
    expect(visitor.welcome.staffed).toBe(false);
    const staffed: boolean[] = [];
    visitor.socket.on("staffed", (message: { staffed: boolean }) => staffed.push(message.staffed));
    const conversation = await startChat(visitor, "Is anybody there?");
    expect((await newest(visitor, conversation, "parked")).body.why).toBe("unattended");

    const anna = await newAgent(1);
    await eventually(() => visitor.events.some(({ kind }) => kind === "assigned"));
    expect(visitor.events.map(({ kind }) => kind)).toEqual(["queued", "assigned"]);
    const log = await wholeLog(visitor, conversation);
    const [queued, said] = [log.at(-2), log.find(({ kind }) => kind === "message")];
    // The wait counts from the message nobody had answered.
    expect(queued?.body).toMatchObject({ why: "woken", queuedAt: said?.at });
    expect(staffed).toEqual([true]);

    await anna.command({ kind: "presence", status: "away" });
    await eventually(() => staffed.length === 2);
    expect(staffed).toEqual([true, false]);
    await anna.command({ kind: "presence", status: "online" });
    await eventually(() => staffed.length === 3);
    anna.close();
    await eventually(() => staffed.length === 4);
    expect(staffed).toEqual([true, false, true, false]);
  });

  it("[P23] nobody serves any more is told to those who wait in it, and that somebody does again", async () => {
    server = await memoryServer();
    const anna = await newAgent(1);
    const visitors = await Promise.all(Array.from({ length: 5 }, () => newVisitor()));
    const waiting = visitors.at(-1) as Awaited<ReturnType<typeof newVisitor>>;
    const told: unknown[] = [];
    waiting.socket.on("position", ({ position, staffed }) => told.push([position, staffed]));
    for (const visitor of visitors) await startChat(visitor);
    await eventually(() => told.length > 0);
    expect(told.at(-1)).toEqual([1, true]);
    await anna.command({ kind: "presence", status: "away" });
    await eventually(() => String(told.at(-1)) === "1,false");
    await anna.command({ kind: "presence", status: "online" });
    await eventually(() => String(told.at(-1)) === "1,true");
  });

  it("[P15] never gives an agent more than its capacity, and the next as soon as one is closed", async () => {
    server = await memoryServer({ EVENTS_PER_SECOND: "1000" });
    const anna = await newAgent(1);
    const used: number[] = [];
    anna.socket.on("me", (me: Me) => used.push(me.used));
    const visitors = await Promise.all(Array.from({ length: 7 }, () => newVisitor()));
    const positions = new Map<string, (number | null)[]>();
    for (const visitor of visitors) {
      visitor.socket.on(
        "position",
        ({ conversation, position }: { conversation: string; position: number | null }) => {
          const told = positions.get(conversation) ?? [];
          if (told.at(-1) !== position) positions.set(conversation, [...told, position]);
        },
      );
    }
    const chats: ConversationId[] = [];
    // One after the other, so that their order is known.
    for (const visitor of visitors) chats.push(await startChat(visitor));
    const held = async () => {
      const all = await Promise.all(
        chats.map((id) => server.ledger.conversation(server.workspace, id)),
      );
      return all.flatMap((chat) => (chat && ownerOf(chat) ? [chat.id] : []));
    };
    await eventually(async () => (await held()).length === 4);
    const [first = "" as ConversationId] = chats;
    const [, , , , fifth, sixth, seventh] = chats as string[];
    const told = () => [fifth, sixth, seventh].map((id) => positions.get(id ?? "")?.at(-1));
    // Each is told on its own, in no order.
    await eventually(() => String(told()) === "1,2,3");
    expect(await held()).toEqual(chats.slice(0, 4));

    const { fence } = await assigned(anna, first);
    expect(await anna.command({ kind: "close", conversation: first, fence })).toMatchObject({
      ok: true,
    });
    await eventually(async () => (await held()).includes(fifth as ConversationId));
    await eventually(() => JSON.stringify(told()) === "[null,1,2]");
    await server.app.settle();
    expect(await held()).toEqual(chats.slice(1, 5));
    await eventually(() => used.at(-1) === 400);
    expect(Math.max(...used)).toBe(400);
  });

  it("[P15] takes a transferred chat with its age, and only its members get it", async () => {
    server = await memoryServer();
    const [anna, iryna] = [await newAgent(1), await newAgent(3)];
    const visitor = await newVisitor();
    const conversation = await startChat(visitor);
    const { fence } = await assigned(visitor, conversation);
    const specialists = anna.welcome.queues.find(({ name }) => name === "Specialists");
    const transfer = { kind: "transfer", conversation, fence, queue: specialists?.id };
    expect(await anna.command(transfer)).toMatchObject({ ok: true });
    const next = await eventually(async () => {
      const event = await newest(visitor, conversation, "assigned");
      return event.fence > fence ? event : null;
    });
    expect(next.body.agent).toBe(iryna.welcome.me.id);
    const log = await wholeLog(anna, conversation);
    const entries = log.flatMap((event) => (event.kind === "queued" ? [event.body.queuedAt] : []));
    expect(new Set(entries).size).toBe(1);
    // Whoever held it before has an old fence now.
    const late = { kind: "say", conversation, fence, content: text("Wait") };
    expect(await anna.command(late)).toMatchObject({ ok: false, refusal: { code: "fenced" } });
    const unknown = { ...transfer, fence: next.fence, queue: newId() };
    expect(await iryna.command(unknown)).toMatchObject({
      ok: false,
      refusal: { code: "invalid", path: "queue" },
    });
  });
});

describe("the agent's own facts", () => {
  it("[P16] follow every change from every tab", async () => {
    server = await memoryServer();
    const tab = await newAgent(1, "away");
    const other = await agentClient(server, 1);
    open.push(other);
    const told: Me[] = [];
    other.socket.on("me", (me: Me) => told.push(me));
    const answer = await tab.command({ kind: "presence", status: "online" });
    expect((answer as Accepted).conversation).toBeNull();
    await eventually(() => told.at(-1)?.status === "online");
    const visitor = await newVisitor();
    await startChat(visitor);
    await eventually(() => told.at(-1)?.used === 100);
  });
});
