import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
import { agentClient, type Client, newId, startChat, visitorClient } from "../support/clients.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { agentExamples, visitorExamples } from "./support/examples.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";

let server: MemoryServer;
let others: Bystanders;
let stranger: Client;
let newcomer: Client;
let colleague: Client;

beforeAll(async () => {
  server = await memoryServer({ EVENTS_PER_SECOND: "1000" });
  others = await bystanders(server);
  stranger = await visitorClient(server);
  await startChat(stranger);
  newcomer = await visitorClient(server);
  colleague = await agentClient(server, 2);
});
afterAll(async () => {
  for (const client of [stranger, newcomer, colleague, others]) client.close();
  await server.close();
});

/** The same requests for a conversation, under the same command ids. */
const requestsFor = (conversation: ConversationId) =>
  visitorExamples(conversation, newId()).filter(
    ({ event, payload }) => !["hello", "typing"].includes(event) && payload.kind !== "start",
  );

describe("somebody else's conversation", () => {
  it("[B17] answers a visitor exactly as one that doesn't exist", async () => {
    for (const visitor of [stranger, newcomer]) {
      const absent = requestsFor(newId<ConversationId>());
      const foreign = requestsFor(others.conversation);
      for (const [index, { event, payload }] of foreign.entries()) {
        const answer = await visitor.ask(event, payload);
        expect(answer, event).toEqual(await visitor.ask(event, absent[index]?.payload));
        if (event !== "leave") {
          expect(answer).toEqual({ ok: false, refusal: { code: "not_found", retry: false } });
        }
      }
    }
    await others.stillTalk();
  });

  it("[B17] can't be begun again under its id", async () => {
    const start = { kind: "start", conversation: others.conversation };
    const refused = { ok: false, refusal: { code: "not_found", retry: false } };
    expect(await newcomer.command(start)).toEqual(refused);
  });

  it("[B17] sends nothing to whoever tried to join it, and hears nothing from them", async () => {
    let heard = 0;
    stranger.socket.onAny(() => heard++);
    others.agent.socket.on("typing", () => heard++);
    await stranger.ask("join", { conversation: others.conversation });
    stranger.socket.emit("typing", { conversation: others.conversation, on: true });
    await others.stillTalk();
    expect(heard).toBe(0);
    stranger.socket.offAny();
    others.agent.socket.off("typing");
  });
});

describe("the other side's commands", () => {
  const invalid = (path: string) => ({
    ok: false,
    refusal: { code: "invalid", retry: false, path },
  });

  it("[B18] a visitor can't send an agent's, not even in their own conversation", async () => {
    const own = await startChat(stranger);
    for (const { event, payload } of agentExamples(own, newId())) {
      if (["note", "transfer", "close", "presence"].includes(String(payload.kind))) {
        expect(await stranger.ask(event, payload)).toEqual(invalid("kind"));
      }
      if (event === "list") expect(await stranger.ask(event, payload)).toEqual(invalid("event"));
      // An agent's message carries a fence, which a visitor's doesn't have.
      if (payload.kind === "say") {
        expect(await stranger.ask(event, payload)).toEqual(invalid("payload"));
      }
    }
    await others.stillTalk();
  });

  it("[B18] an agent can't send a visitor's", async () => {
    for (const { event, payload } of visitorExamples(others.conversation, newId())) {
      if (["start", "end"].includes(String(payload.kind))) {
        expect(await others.agent.ask(event, payload)).toEqual(invalid("kind"));
      }
      if (payload.kind === "say") {
        expect(await others.agent.ask(event, payload)).toEqual(invalid("fence"));
      }
    }
    await others.stillTalk();
  });

  it("[B18] nobody can send what only the system sends", async () => {
    const system = { id: newId(), conversation: others.conversation, fence: others.fence };
    for (const client of [others.agent, colleague, others.visitor]) {
      for (const more of [{ kind: "assign", agent: newId(), because: {} }, { kind: "wake" }]) {
        expect(await client.ask("command", { ...system, ...more })).toEqual(invalid("kind"));
      }
    }
    await others.stillTalk();
  });
});

describe("a colleague's conversation", () => {
  const refused = (code: string) => ({ ok: false, refusal: { code, retry: false } });
  const of = (conversation: ConversationId, fence: number) =>
    agentExamples(conversation, newId())
      .filter(({ payload }) => ["say", "transfer", "close"].includes(String(payload.kind)))
      .map(({ payload }) => ({ ...payload, fence }));

  it("[B19] can be read and noted, not written, closed or transferred", async () => {
    const { conversation, fence } = others;
    expect(await colleague.ask("join", { conversation })).toMatchObject({ ok: true });
    for (const payload of of(conversation, fence)) {
      expect(await colleague.ask("command", payload)).toEqual(refused("forbidden"));
    }
    for (const payload of of(conversation, fence + 1)) {
      expect(await colleague.ask("command", payload)).toEqual(refused("fenced"));
    }
    const note = { kind: "note", conversation, text: "Seen this before" };
    expect(await colleague.command(note)).toMatchObject({ ok: true });
    await others.stillTalk();
  });

  it("[B19] takes no receipts and no typing from whoever doesn't hold it", async () => {
    const { conversation } = others;
    const receipts = { conversation, delivered: 1, read: 1 };
    expect(await colleague.ask("receipts", receipts)).toEqual(refused("forbidden"));
    let typed = 0;
    others.visitor.socket.on("typing", () => typed++);
    colleague.socket.emit("typing", { conversation, on: true });
    await others.stillTalk();
    expect(typed).toBe(0);
    others.visitor.socket.off("typing");
  });

  it("[B19] one that doesn't exist is not found, whatever is asked", async () => {
    const absent = newId<ConversationId>();
    for (const { event, payload } of agentExamples(absent, newId())) {
      if (["hello", "list", "typing", "leave"].includes(event) || payload.kind === "presence")
        continue;
      expect(await colleague.ask(event, payload)).toEqual(refused("not_found"));
    }
  });
});
