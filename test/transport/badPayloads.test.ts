import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
import { messageTextLimit } from "#shared/model/message.ts";
import type { Page } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../support/clients.ts";
import { refusals } from "../support/refusals.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { agentExamples, type Example, visitorExamples } from "./support/examples.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { rawIn } from "./support/rawSocket.ts";
import { wholeLog } from "./support/reading.ts";

/** Planted in everything sent here; must never reach a log line. */
const canary = "canary-7f3a";

let server: MemoryServer;
let others: Bystanders;
let visitor: Client & { token: string };
let agent: Client;
let conversation: ConversationId;
let queue: string;

beforeAll(async () => {
  server = await memoryServer({ EVENTS_PER_SECOND: "100000" }, { pace: { tally: 50 } });
  others = await bystanders(server);
  visitor = await visitorClient(server);
  const signedIn = await agentClient(server, 3);
  agent = signedIn;
  queue = signedIn.welcome.queues[0]?.id ?? "";
  conversation = await startChat(visitor, canary);
});
afterAll(async () => {
  for (const client of [visitor, agent, others]) client.close();
  await server.close();
});

const deep = (depth: number) => {
  let value: unknown = canary;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  return value;
};
const anything = [null, true, 7, -1, 1.5, canary, [], {}, [canary], { $gt: canary }, deep(50)];
const bytes = Buffer.from(canary);

/** Values that a field holding `right` must refuse. */
function wrongFor(right: unknown): unknown[] {
  switch (typeof right) {
    case "string":
      return [null, true, 7, [], {}, [right], { $gt: canary }, bytes, canary.repeat(2_000)];
    case "number":
      return [null, true, "1", [], {}, [1], -1, 0.5, 2 ** 53, 1e308, Number.NaN, bytes, canary];
    case "boolean":
      return [null, 0, 1, "true", [], {}, [true], bytes];
    default:
      return [null, true, 7, canary, [], {}, [right], bytes, deep(50)];
  }
}

type Case = [what: string, payload: unknown];

/** Every field of a payload, at every depth, holding every wrong value, missing, or with company. */
function spoiled({ payload, optional }: Example): Case[] {
  const cases: Case[] = [];
  const walk = (value: unknown, path: string[]) => {
    const at = path.join(".");
    const nullable = at === "logEpoch";
    for (const wrong of wrongFor(value)) {
      if (nullable && wrong === null) continue;
      cases.push([`${at} = ${shown(wrong)}`, replaced(payload, path, wrong)]);
    }
    if (!optional.includes(at)) cases.push([`without ${at}`, replaced(payload, path, undefined)]);
    if (typeof value !== "object" || value === null) return;
    grow(value, path);
    for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  const grow = (value: object, path: string[]) => {
    for (const key of ["seq", "__proto__", "constructor", "toString", canary]) {
      const more = JSON.parse(
        `{"${key}":{"polluted":true,"isAdmin":true},${JSON.stringify(value).slice(1)}`,
      );
      cases.push([`${path.join(".")} with ${key}`, replaced(payload, path, more)]);
    }
  };
  grow(payload, []);
  for (const [key, value] of Object.entries(payload)) walk(value, [key]);
  for (const whole of [...anything, bytes, [payload]])
    cases.push([`all of it ${shown(whole)}`, whole]);
  return cases;
}

const shown = (value: unknown) => (JSON.stringify(value) ?? "undefined").slice(0, 30);

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const { [key]: inner, ...others } = value as Record<string, unknown>;
  return { ...others, [key]: replaced(inner, rest, by) };
}

async function allRefused(client: Client, examples: Example[]): Promise<number> {
  let count = 0;
  for (const example of examples.filter(({ event }) => event !== "typing")) {
    const cases = spoiled(example);
    const answers = await Promise.all(
      cases.map(([, payload]) => client.ask(example.event, payload)),
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer, `${example.event}: ${cases[index]?.[0]}`).toMatchObject({
        ok: false,
        refusal: { code: "invalid", retry: false, path: expect.any(String) },
      });
    }
    count += cases.length;
  }
  return count;
}

const polluted = () => [({} as { polluted?: unknown }).polluted, ({} as { seq?: unknown }).seq];

describe("payloads no client of ours would send", () => {
  it("[B1] every field of every visitor's event refuses every wrong value", {
    timeout: 20_000,
  }, async () => {
    const examples = visitorExamples(conversation, queue);
    expect(await allRefused(visitor, examples)).toBeGreaterThan(300);
    expect(polluted()).toEqual([undefined, undefined]);
    await others.stillTalk();
  });

  it("[B1] every field of every agent's event refuses every wrong value", {
    timeout: 20_000,
  }, async () => {
    const examples = agentExamples(conversation, queue);
    expect(await allRefused(agent, examples)).toBeGreaterThan(400);
    expect(polluted()).toEqual([undefined, undefined]);
    await others.stillTalk();
  });

  it("[B1] the payloads the wrong ones are made from are taken", async () => {
    const own = await visitorClient(server);
    for (const { event, payload } of visitorExamples(newId(), queue)) {
      if (event === "typing") continue;
      // A command that comes too early is understood, and refused for another reason.
      const answer = await own.ask(event, payload);
      if (!answer.ok) expect(answer.refusal.code).not.toBe("invalid");
    }
    for (const { event, payload } of agentExamples(conversation, queue)) {
      if (event === "typing") continue;
      const answer = await agent.ask(event, payload);
      if (!answer.ok) expect(answer.refusal.code).not.toBe("invalid");
    }
    own.close();
  });

  it("[B2] typing is dropped, and says so in the log only", async () => {
    const lines = server.log.length;
    const [example] = visitorExamples(others.conversation, queue).filter(
      ({ event }) => event === "typing",
    );
    let typed = 0;
    others.agent.socket.on("typing", () => typed++);
    const cases = spoiled(example as Example);
    for (const [, payload] of cases) others.visitor.socket.emit("typing", payload);
    await eventually(() => refusals(server.log.slice(lines)) >= cases.length);
    await others.stillTalk();
    expect(typed).toBe(0);
    others.visitor.socket.emit("typing", example?.payload);
    await eventually(() => typed === 1);
    others.agent.socket.off("typing");
  });

  it("[B3] one payload and one acknowledgement belong to an event", async () => {
    const raw = await rawIn(server, "/visitor", {
      auth: { site: "demo-shop", token: visitor.token },
    });
    const payload = { conversation };
    const refused = { ok: false, refusal: { code: "invalid", retry: false, path: "arguments" } };
    for (const event of ["hello", "join", "leave", "sync", "receipts", "command"]) {
      expect(await raw.ask(event)).toEqual(refused);
      expect(await raw.ask(event, payload, payload)).toEqual(refused);
      expect(await raw.ask(event, payload, null)).toEqual(refused);
      expect(await raw.ask(event, ...Array.from({ length: 50 }, () => canary))).toEqual(refused);
    }
    // Socket.IO's client sends one function as the acknowledgement and every other one as null.
    const answers: unknown[] = [];
    visitor.socket.emit(
      "join",
      payload,
      () => answers.push("first"),
      (answer: unknown) => answers.push(answer),
    );
    await eventually(() => answers.length > 0);
    expect(answers).toEqual([refused]);
    raw.close();
    await others.stillTalk();
  });

  it("[B3] an event without an acknowledgement changes nothing and leaves a line", async () => {
    const before = (await wholeLog(visitor, conversation)).length;
    const lines = server.log.length;
    const say = { id: newId(), kind: "say", conversation, content: { type: "text", text: canary } };
    for (const [event, payload] of [
      ["command", say],
      ["join", { conversation }],
      ["hello", null],
      ["sync", undefined],
    ] as const) {
      visitor.socket.emit(event, payload);
      agent.socket.emit(event, payload);
    }
    await eventually(() => refusals(server.log.slice(lines)) >= 8);
    expect(server.log.slice(lines).every((line) => line.includes('"path":"ack"'))).toBe(true);
    expect(await wholeLog(visitor, conversation)).toHaveLength(before);
    await others.stillTalk();
  });

  it("[B4] events this protocol doesn't have are refused, with and without an acknowledgement", async () => {
    const refused = { ok: false, refusal: { code: "invalid", retry: false, path: "event" } };
    for (const event of [
      "message",
      canary,
      "error",
      "__proto__",
      "constructor",
      "hasOwnProperty",
      "",
      "x".repeat(30_000),
    ]) {
      expect(await visitor.ask(event, {})).toEqual(refused);
      expect(await agent.ask(event, null)).toEqual(refused);
      visitor.socket.emit(event, canary);
      agent.socket.emit(event);
    }
    expect(await visitor.ask("list", { list: "mine" })).toEqual(refused);
    expect(await visitor.ask("patch", {})).toEqual(refused);
    const raw = await rawIn(server, "/visitor", {
      auth: { site: "demo-shop", token: visitor.token },
    });
    raw.send(`42/visitor,77[1,{}]`);
    expect(await raw.frame("43/visitor,77")).toContain('"event"');
    raw.close();
    await others.stillTalk();
  });

  it("[B5] text is cut nowhere and refused beyond its limit; blank text is no message", async () => {
    const say = (text: string) =>
      visitor.command({ kind: "say", conversation, content: { type: "text", text } });
    const invalid = { ok: false, refusal: { code: "invalid", path: "content.text" } };
    expect(await say("x".repeat(messageTextLimit))).toMatchObject({ ok: true });
    expect(await say("x".repeat(messageTextLimit + 1))).toMatchObject(invalid);
    for (const blank of ["", " ", "\n\t\u2003"]) expect(await say(blank)).toMatchObject(invalid);
    expect((await wholeLog(visitor, conversation)).at(-1)?.body).toEqual({
      type: "text",
      text: "x".repeat(messageTextLimit),
    });
  });

  it("[B5] characters no store can keep arrive as replacement characters", async () => {
    const text = "a\u0000b\ud800c\udc00d😀e";
    const answer = await visitor.command({
      kind: "say",
      conversation,
      content: { type: "text", text },
    });
    expect(answer).toMatchObject({ ok: true });
    expect((await wholeLog(visitor, conversation)).at(-1)?.body).toEqual({
      type: "text",
      text: "a\ufffdb\ufffdc\ufffdd😀e",
    });
  });

  it("[B5] a locale or zone that isn't one counts as en and UTC", async () => {
    const strange = await visitorClient(server);
    const protocol = { min: 1, max: 1 };
    for (const [locale, zone, kept] of [
      ["en-US@posix", "Mars/Olympus", ["en", "UTC"]],
      ["", "", ["en", "UTC"]],
      ["\u0000", "../../etc", ["en", "UTC"]],
      ["PL-pl", "Europe/Kyiv", ["pl-PL", "Europe/Kyiv"]],
    ] as const) {
      const welcome = await strange.ask("hello", { protocol, logEpoch: null, locale, zone });
      expect(welcome).toMatchObject({ ok: true });
      const id = await startChat(strange);
      const page = await strange.ask<Page>("sync", { conversation: id, since: 0, limit: 1 });
      expect(page.ok && page.events[0]?.body).toMatchObject({ locale: kept[0], zone: kept[1] });
      await strange.command({ kind: "end", conversation: id });
    }
    strange.close();
  });

  it("[B6] nothing of all this reached a log line, and every refusal was counted", async () => {
    await server.close();
    const log = server.log.join("\n");
    expect(refusals(server.log)).toBeGreaterThan(700);
    expect(log).not.toContain(canary);
    expect(log).not.toContain(visitor.token);
    expect(log).not.toContain("polluted");
    for (const line of server.log) {
      const { level } = JSON.parse(line) as { level: number };
      expect(level, line).toBeLessThan(40);
    }
  });
});
