import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type {
  Cursors,
  Head,
  ListPatch,
  ListRow,
  ListWindow,
  Page,
} from "#shared/protocol/sockets.ts";
import { eventually } from "../support/clients.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";

let server: MemoryServer;
let chat: Bystanders;

beforeAll(async () => {
  server = await memoryServer({ EVENTS_PER_SECOND: "10000" });
  chat = await bystanders(server);
});
afterAll(async () => {
  chat.close();
  await server.close();
});

async function pageOf(client: Bystanders["agent"]): Promise<Page> {
  const page = await client.ask<Page>("sync", { conversation: chat.conversation, since: 0 });
  if (!page.ok) throw new Error(page.refusal.code);
  return page;
}

describe("receipts", () => {
  it("[P9] move forward only, cover what lies before them and stop at the head", async () => {
    const { visitor, conversation } = chat;
    const read = async (delivered: number, read: number): Promise<Cursors["visitor"]> => {
      expect(await visitor.ask("receipts", { conversation, delivered, read })).toEqual({
        ok: true,
      });
      return (await pageOf(visitor)).cursors.visitor;
    };
    const { head } = await pageOf(visitor);
    expect(await read(1, 0)).toEqual({ delivered: 1, read: 0 });
    expect(await read(0, 2)).toEqual({ delivered: 2, read: 2 });
    expect(await read(1, 1)).toEqual({ delivered: 2, read: 2 });
    expect(await read(0, 0)).toEqual({ delivered: 2, read: 2 });
    expect(await read(2_147_483_647, 3)).toEqual({ delivered: head, read: 3 });
    expect(await read(2_147_483_647, 2_147_483_647)).toEqual({ delivered: head, read: head });
  });

  it("[P9] reach the other side as heads", async () => {
    const { visitor, agent, conversation } = chat;
    await chat.stillTalk();
    const heads: Head[] = [];
    visitor.socket.on("heads", (message: { heads: Head[] }) => heads.push(...message.heads));
    const { head } = await pageOf(agent);
    await agent.ask("receipts", { conversation, delivered: head, read: head - 1 });
    await eventually(() => heads.length > 0);
    expect(heads).toEqual([
      {
        conversation,
        head,
        cursors: expect.objectContaining({ agent: { delivered: head, read: head - 1 } }),
      },
    ]);
    visitor.socket.off("heads");
  });

  it("[P10] of an agent who read a note don't tell the visitor that there is one", async () => {
    const { visitor, agent, conversation } = chat;
    const { head } = await pageOf(visitor);
    await agent.command({ kind: "note", conversation, text: "Between us" });
    const heads: Head[] = [];
    visitor.socket.on("heads", (message: { heads: Head[] }) => heads.push(...message.heads));
    await agent.ask("receipts", { conversation, delivered: head + 1, read: head + 1 });
    await eventually(() => heads.length > 0);
    expect(heads).toMatchObject([{ head, cursors: { agent: { delivered: head, read: head } } }]);
    expect(await pageOf(visitor)).toMatchObject({
      head,
      cursors: { agent: { delivered: head, read: head } },
    });
    expect(await visitor.ask("join", { conversation })).toMatchObject({
      head: { head, cursors: { agent: { read: head } } },
    });
    expect((await pageOf(agent)).cursors.agent.read).toBe(head + 1);
    visitor.socket.off("heads");
  });

  it("[P9] count down the unread ones in the agent's list", async () => {
    const { visitor, agent, conversation } = chat;
    const window = await agent.ask<ListWindow>("list", { list: "mine" });
    const rows = new Map<string, ListRow>();
    for (const row of window.ok ? window.rows : []) rows.set(row.conversation.id, row);
    agent.socket.on("patch", (patch: ListPatch) => {
      for (const row of patch.upsert) rows.set(row.conversation.id, row);
    });
    const unread = () => rows.get(conversation)?.unread;
    const content = { type: "text", text: "Are you there?" };
    const { head } = await pageOf(agent);
    await agent.ask("receipts", { conversation, delivered: head, read: head });
    await visitor.command({ kind: "say", conversation, content });
    await visitor.command({ kind: "say", conversation, content });
    await eventually(() => unread() === 2);
    await agent.ask("receipts", { conversation, delivered: head + 2, read: head + 1 });
    await eventually(() => unread() === 1);
    await agent.ask("receipts", { conversation, delivered: head + 2, read: head + 2 });
    await eventually(() => unread() === 0);
    agent.socket.off("patch");
  });
});

describe("typing", () => {
  it("[P11] is shown to the other side and kept nowhere", async () => {
    const { visitor, agent, conversation } = chat;
    const { head } = await pageOf(agent);
    const seen: unknown[] = [];
    agent.socket.on("typing", (message) => seen.push(["agent", message]));
    visitor.socket.on("typing", (message) => seen.push(["visitor", message]));
    visitor.socket.emit("typing", { conversation, on: true });
    await eventually(() => seen.length === 1);
    agent.socket.emit("typing", { conversation, on: false });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual([
      ["agent", { conversation, by: "visitor", on: true }],
      ["visitor", { conversation, by: "agent", on: false }],
    ]);
    expect((await pageOf(agent)).head).toBe(head);
  });
});
