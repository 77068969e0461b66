import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LedgerUnavailable } from "#server/ports.ts";
import { applyAll } from "#shared/domain/apply.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Accepted, AgentWelcome, Answer, Page } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../support/clients.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { assigned, newest, wholeLog } from "./support/reading.ts";

let server: MemoryServer;
let chat: Bystanders;
let ben: Client & { welcome: AgentWelcome };

beforeAll(async () => {
  server = await memoryServer({ EVENTS_PER_SECOND: "10000" });
  chat = await bystanders(server);
  ben = await agentClient(server, 2);
});
afterAll(async () => {
  ben.close();
  chat.close();
  await server.close();
});

const text = (words: string) => ({ type: "text", text: words });
const accepted = (answer: Answer<Accepted>): Accepted => {
  if (!answer.ok) throw new Error(`refused: ${answer.refusal.code}`);
  return answer;
};
const refused = (code: string) => ({ ok: false, refusal: { code, retry: false } });

/** A chat nobody else disturbs, held by Anna. */
async function ownChat() {
  const visitor = await visitorClient(server);
  const conversation = await startChat(visitor);
  const { fence } = await assigned(visitor, conversation);
  const done = async () => {
    await visitor.command({ kind: "end", conversation });
    visitor.close();
  };
  return { visitor, conversation, fence, done };
}

describe("acknowledging", () => {
  it("[P2] follows the commit: until then nobody has heard of the command", async () => {
    const { visitor, agent, conversation } = chat;
    const commit = server.ledger.commit;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    server.ledger.commit = async (change) => {
      await held;
      return commit(change);
    };
    let answer: unknown = null;
    const words = `held ${newId()}`;
    const heard = () => agent.events.some(({ body }) => JSON.stringify(body).includes(words));
    void visitor.command({ kind: "say", conversation, content: text(words) }).then((given) => {
      answer = given;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([answer, heard()]).toEqual([null, false]);
    server.ledger.commit = commit;
    release();
    await eventually(() => answer !== null && heard());
    expect(answer).toMatchObject({ ok: true, repeat: false });
  });

  it("[P2] an unknown outcome is answered retry, and the retry says what became of it", async () => {
    const { visitor, conversation } = chat;
    const commit = server.ledger.commit;
    server.ledger.commit = async (change) => {
      await commit(change);
      throw new LedgerUnavailable("the connection broke inside COMMIT");
    };
    const id = newId();
    const say = { id, kind: "say", conversation, content: text("Did you get this?") };
    expect(await visitor.ask("command", say)).toMatchObject({
      ok: false,
      refusal: { code: "retry", retry: true },
    });
    server.ledger.commit = commit;
    const again = accepted(await visitor.ask<Accepted>("command", say));
    expect(again.repeat).toBe(true);
    const log = await wholeLog(visitor, conversation);
    expect(log.filter(({ cause }) => cause === id).map(({ seq }) => seq)).toEqual([again.seq]);
    await chat.stillTalk();
  });

  it("[P2] while SQL is away everything is answered unavailable or retry, and works again after", async () => {
    const { visitor, agent, conversation } = chat;
    server.ledger.setAway(true);
    const say = { kind: "say", conversation, content: text("Hello?") };
    for (const answer of [
      await visitor.command(say),
      await visitor.ask("sync", { conversation, since: 0 }),
      await visitor.ask("join", { conversation }),
      await agent.command({ kind: "presence", status: "online" }),
      await agent.ask("list", { list: "waiting" }),
    ]) {
      expect(answer).toMatchObject({ ok: false, refusal: { retry: true, retryAfterMs: 1_000 } });
    }
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);
    server.ledger.setAway(false);
    await chat.stillTalk();
  });
});

describe("a surprise inside the server", () => {
  it("[B24] is answered unavailable and logged without what was said, and the next command is taken", async () => {
    const { visitor, conversation } = chat;
    const commit = server.ledger.commit;
    server.ledger.commit = async () => {
      throw new Error("nobody thought of this");
    };
    const words = `canary-said-${newId()}`;
    const answer = await visitor.command({ kind: "say", conversation, content: text(words) });
    server.ledger.commit = commit;
    expect(answer).toEqual({ ok: false, refusal: { code: "unavailable", retry: true } });
    const failed = server.log.filter((line) => line.includes("nobody thought of this"));
    expect(failed).toHaveLength(1);
    expect(JSON.parse(failed[0] ?? "")).toMatchObject({
      level: 50,
      event: "command",
      msg: "event failed",
    });
    expect(server.log.join("")).not.toContain(words);
    await chat.stillTalk();
  });
});

describe("a repeated command", () => {
  it("[P3] gets the first answer, however often and on whatever connection", async () => {
    const { visitor, conversation } = chat;
    const say = { id: newId(), kind: "say", conversation, content: text("Once") };
    const first = accepted(await visitor.ask<Accepted>("command", say));
    expect(first.repeat).toBe(false);
    const other = await visitorClient(server, { token: chat.visitor.token });
    const repeats = await Promise.all(
      [visitor, other, visitor, other].map((client) => client.ask<Accepted>("command", say)),
    );
    for (const answer of repeats) expect(answer).toEqual({ ok: true, ...first, repeat: true });
    expect((await newest(visitor, conversation, "message")).seq).toBe(first.seq);
    other.close();
  });

  it("[P3] gets it at the same moment too: both are answered, one is kept", async () => {
    const { visitor, conversation } = chat;
    const say = { id: newId(), kind: "say", conversation, content: text("Twice at once") };
    const answers = await Promise.all([
      visitor.ask<Accepted>("command", say),
      visitor.ask<Accepted>("command", say),
    ]);
    const [one, two] = answers.map(accepted);
    expect(one?.seq).toBe(two?.seq);
    expect([one?.repeat, two?.repeat].sort()).toEqual([false, true]);
  });

  it("[P3] gets it before fence or status are looked at: after a transfer, after closing", async () => {
    const { visitor, conversation, fence, done } = await ownChat();
    const anna = chat.agent;
    const agentSay = { id: newId(), kind: "say", conversation, fence, content: text("Hi") };
    const visitorSay = { id: newId(), kind: "say", conversation, content: text("Hi") };
    const close = { id: newId(), kind: "close", conversation, fence };
    const firsts = [
      accepted(await anna.ask<Accepted>("command", agentSay)),
      accepted(await visitor.ask<Accepted>("command", visitorSay)),
      accepted(await anna.ask<Accepted>("command", close)),
    ];
    const repeats = [
      accepted(await anna.ask<Accepted>("command", agentSay)),
      accepted(await visitor.ask<Accepted>("command", visitorSay)),
      accepted(await anna.ask<Accepted>("command", close)),
    ];
    expect(repeats).toEqual(firsts.map((first) => ({ ...first, repeat: true })));
    const log = await wholeLog(visitor, conversation);
    expect(log.at(-1)?.kind).toBe("closed");
    // A new command under the old fence is what fences and closing are for.
    expect(await anna.ask("command", { ...agentSay, id: newId() })).toEqual(refused("closed"));
    await done();
  });

  it("[P3] a start gets seq 1 even when the conversation has gone on", async () => {
    const visitor = await visitorClient(server);
    const conversation = newId<ConversationId>();
    const start = { id: newId(), kind: "start", conversation };
    const first = accepted(await visitor.ask<Accepted>("command", start));
    expect(first.seq).toBe(1);
    await visitor.command({ kind: "say", conversation, content: text("Hello") });
    const again = accepted(await visitor.ask<Accepted>("command", start));
    expect(again).toEqual({ ...first, repeat: true });
    // Another start for the conversation that is open already asks for what is there.
    const other = accepted(await visitor.command({ kind: "start", conversation }));
    expect(other).toMatchObject({ conversation, repeat: true });
    await visitor.command({ kind: "end", conversation });
    expect(accepted(await visitor.ask<Accepted>("command", start)).seq).toBe(1);
    visitor.close();
  });

  it("[P3] a presence gets it as well", async () => {
    const away = { id: newId(), kind: "presence", status: "away" };
    const first = accepted(await ben.ask<Accepted>("command", away));
    const again = accepted(await ben.ask<Accepted>("command", away));
    expect(again).toEqual({ ...first, conversation: null, seq: 0, repeat: true });
  });

  it("[P4] under one id with another body is refused, in every situation", async () => {
    const { visitor, conversation, fence, done } = await ownChat();
    const anna = chat.agent;
    const say = { id: newId(), kind: "say", conversation, content: text("One") };
    await visitor.ask("command", say);
    const other = { ...say, content: text("Another") };
    expect(await visitor.ask("command", other)).toEqual(refused("command_conflict"));
    expect(await visitor.ask("command", { id: say.id, kind: "end", conversation })).toEqual(
      refused("command_conflict"),
    );
    const presence = { id: newId(), kind: "presence", status: "away" };
    await ben.ask("command", presence);
    expect(await ben.ask("command", { ...presence, status: "online" })).toEqual(
      refused("command_conflict"),
    );
    await anna.command({ kind: "close", conversation, fence });
    expect(await visitor.ask("command", other)).toEqual(refused("command_conflict"));
    await done();
  });

  it("[P4] an id belongs to its sender: another may use the same", async () => {
    const { visitor, agent, conversation, fence } = chat;
    const id = newId();
    const mine = { id, kind: "say", conversation, content: text("Mine") };
    const theirs = { id, kind: "say", conversation, fence, content: text("Theirs") };
    expect(accepted(await visitor.ask<Accepted>("command", mine)).repeat).toBe(false);
    expect(accepted(await agent.ask<Accepted>("command", theirs)).repeat).toBe(false);
  });
});

describe("reading the log", () => {
  it("[P5] pages hold at most what was asked for, follow each other and end at the head", async () => {
    const { visitor, conversation, done } = await ownChat();
    for (let i = 0; i < 25; i++) {
      await visitor.command({ kind: "say", conversation, content: text(`Line ${i}`) });
    }
    const whole = await wholeLog(visitor, conversation);
    expect(await wholeLog(visitor, conversation, 1)).toEqual(whole);
    expect(await wholeLog(visitor, conversation, 7)).toEqual(whole);
    const head = whole.at(-1)?.seq ?? 0;
    const page = (since: number, limit?: number) =>
      visitor.ask<Page>("sync", { conversation, since, ...(limit && { limit }) });
    expect(await page(0, 3)).toMatchObject({
      ok: true,
      head,
      more: true,
      logEpoch: "epoch-of-this-test",
    });
    expect(await page(head)).toMatchObject({ ok: true, events: [], head, more: false });
    expect(await page(head + 1)).toEqual(refused("epoch"));
    for (const limit of [-1, 201, 1.5]) {
      expect(await page(0, limit)).toMatchObject({ ok: false, refusal: { path: "limit" } });
    }
    await done();
  });

  it("[P6] agents see every number, visitors a chain without holes although notes lie between", async () => {
    const { visitor, conversation, fence, done } = await ownChat();
    const anna = chat.agent;
    const secret = `canary-note-${newId()}`;
    const frames: unknown[] = [];
    visitor.socket.onAny((...args) => frames.push(args));
    const asked = visitor.ask;
    const watched: typeof asked = async <T>(event: string, payload: unknown) => {
      const answer = await asked<T>(event, payload);
      frames.push(answer);
      return answer;
    };
    const watching = { ...visitor, ask: watched };
    for (let i = 0; i < 30; i++) {
      const note = { kind: "note", conversation, text: `${secret} ${i}` };
      const say = { kind: "say", conversation, content: text(`Line ${i}`) };
      await anna.command(note);
      if (i % 3 === 0) await ben.command(note);
      if (i % 2 === 0) await anna.command({ ...say, fence });
      else await watching.ask("command", { id: newId(), ...say });
      if (i % 5 === 0) await wholeLog(watching, conversation);
    }
    const front = ben.welcome.queues.find(({ name }) => name === "Front line");
    await anna.command({ kind: "note", conversation, text: secret });
    await anna.command({ kind: "transfer", conversation, fence, queue: front?.id, note: secret });
    await watching.ask("join", { conversation });
    await watching.ask("receipts", { conversation, delivered: 999, read: 999 });

    // The transfer ends with an owner again; from then on the log rests.
    await eventually(async () => (await wholeLog(anna, conversation)).at(-1)?.kind === "assigned");
    const seenByAgent = await wholeLog(anna, conversation);
    expect(seenByAgent.map(({ seq }) => seq)).toEqual(seenByAgent.map((_, i) => i + 1));
    const seenByVisitor = await wholeLog(watching, conversation);
    expect(seenByVisitor.map(({ prev }) => prev)).toEqual(
      [0, ...seenByVisitor.map(({ seq }) => seq)].slice(0, -1),
    );
    expect(seenByAgent.filter(({ kind }) => kind !== "note").map(({ seq }) => seq)).toEqual(
      seenByVisitor.map(({ seq }) => seq),
    );
    const shown = JSON.stringify(frames);
    expect(shown.length).toBeGreaterThan(10_000);
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain('"note"');
    expect(shown).not.toContain("candidates");
    // Live and synced are the same events, and both sides fold them to the same conversation.
    const live = () => visitor.events.filter((event) => event.conversation === conversation);
    await eventually(() => live().at(-1)?.kind === "assigned");
    const since = live()[0]?.seq ?? 0;
    expect(live()).toEqual(seenByVisitor.filter(({ seq }) => seq >= since));
    const mine = applyAll(null, seenByVisitor);
    const theirs = applyAll(null, seenByAgent);
    expect({ ...mine, at: 0, seq: 0 }).toEqual({ ...theirs, at: 0, seq: 0 });
    await done();
  });

  it("[P7] a socket hears what it joined, from joining on, and nothing after leaving", async () => {
    const { visitor, conversation } = chat;
    const tab = await visitorClient(server, { token: chat.visitor.token });
    const say = () => visitor.command({ kind: "say", conversation, content: text("Anyone?") });
    await say();
    expect(tab.events).toEqual([]);
    const joined = await tab.ask<{ head: { head: number } }>("join", { conversation });
    const head = joined.ok ? joined.head.head : 0;
    expect((await newest(visitor, conversation, "message")).seq).toBe(head);
    await tab.ask("join", { conversation });
    await say();
    await eventually(() => tab.events.length > 0);
    expect(tab.events.map(({ prev }) => prev)).toEqual([head]);
    expect(await tab.ask("leave", { conversation })).toEqual({ ok: true });
    expect(await tab.ask("leave", { conversation })).toEqual({ ok: true });
    await say();
    await chat.stillTalk();
    expect(tab.events).toHaveLength(1);
    tab.close();
  });
});

describe("saying hello", () => {
  const hello = { logEpoch: null, locale: "en", zone: "UTC" };
  it("[P8] agrees on the newest version both speak, or refuses", async () => {
    const versions: [object, object][] = [
      [
        { min: 1, max: 1 },
        { ok: true, protocol: 1 },
      ],
      [
        { min: 1, max: 7 },
        { ok: true, protocol: 1 },
      ],
      [{ min: 2, max: 7 }, refused("protocol")],
      [{ min: 5, max: 1 }, refused("protocol")],
    ];
    for (const [protocol, answer] of versions) {
      for (const client of [chat.visitor, chat.agent]) {
        expect(await client.ask("hello", { protocol, ...hello })).toMatchObject(answer);
      }
    }
  });

  it("[P8] tells a visitor their latest conversation, and nothing of it before there is one", async () => {
    const visitor = await visitorClient(server);
    expect(visitor.welcome).toMatchObject({ conversation: null, staffed: true });
    const conversation = await startChat(visitor);
    const again = await visitorClient(server, { token: visitor.token });
    expect(again.welcome.conversation).toBe(conversation);
    await visitor.command({ kind: "end", conversation });
    visitor.close();
    again.close();
  });
});
