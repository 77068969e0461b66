import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationId, QueueId } from "#shared/model/ids.ts";
import type { ListName } from "#shared/protocol/requests.ts";
import type { ListPatch, ListRow, ListWindow } from "#shared/protocol/sockets.ts";
import { agentClient, type Client, eventually, newId, visitorClient } from "../support/clients.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";

let server: MemoryServer;
let anna: Client;

beforeAll(async () => {
  server = await memoryServer({ EVENTS_PER_SECOND: "10000" });
  anna = await agentClient(server, 1);
  await anna.command({ kind: "presence", status: "online" });
});
afterAll(async () => {
  anna.close();
  await server.close();
});

/** A list kept by its window and patches alone. */
async function followed(client: Client, list: ListName) {
  const window = await client.ask<ListWindow>("list", { list });
  if (!window.ok) throw new Error(window.refusal.code);
  const rows = new Map(window.rows.map((row) => [row.conversation.id, row]));
  const state = { rows, version: window.version, total: window.total, holes: 0, patches: 0 };
  client.socket.on("patch", (patch: ListPatch) => {
    if (patch.list !== list) return;
    if (patch.version !== state.version + 1) state.holes++;
    state.version = patch.version;
    state.total = patch.total;
    state.patches++;
    for (const row of patch.upsert) rows.set(row.conversation.id, row);
    for (const id of patch.remove) rows.delete(id);
  });
  return state;
}

const sorted = (rows: Iterable<ListRow>) =>
  [...rows].sort((a, b) => a.conversation.id.localeCompare(b.conversation.id));

describe("the console's lists", () => {
  it("[P17] kept by patches alone equal a fresh window after a long random run", async () => {
    const mine = await followed(anna, "mine");
    const waiting = await followed(anna, "waiting");
    const visitors = await Promise.all(Array.from({ length: 8 }, () => visitorClient(server)));
    const chats = new Map<Client, ConversationId>();
    // A fixed seed, so that a failing run can be run again.
    let state = 20_261_122;
    const random = (below: number) => {
      state = Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5;
      return (state >>> 8) % below;
    };
    for (let step = 0; step < 250; step++) {
      // Slowly enough for several patches, which come ten times a second at most.
      await new Promise((resolve) => setTimeout(resolve, 5));
      const visitor = visitors[random(visitors.length)] as Client;
      const conversation = chats.get(visitor);
      if (!conversation) {
        const fresh = newId<ConversationId>();
        await visitor.command({ kind: "start", conversation: fresh, name: `Guest ${step}` });
        chats.set(visitor, fresh);
        continue;
      }
      const now = await server.ledger.conversation(server.workspace, conversation);
      const held = { conversation, fence: now?.fence ?? 0 };
      const content = { type: "text", text: `Step ${step}` };
      switch (random(14)) {
        case 2:
          await anna.command({ kind: "say", ...held, content });
          break;
        case 3:
          await anna.ask("receipts", { conversation, delivered: now?.seq, read: now?.seq });
          break;
        case 4:
          await anna.command({ kind: "note", conversation, text: `Note ${step}` });
          break;
        case 5:
          await anna.command({ kind: "close", ...held });
          break;
        case 6:
          await visitor.command({ kind: "end", conversation });
          chats.delete(visitor);
          break;
        default:
          await visitor.command({ kind: "say", conversation, content });
      }
    }
    await server.app.settle();
    const second = await agentClient(server, 1);
    for (const [list, kept] of [
      ["mine", mine],
      ["waiting", waiting],
    ] as const) {
      await eventually(async () => {
        await server.app.settle();
        const fresh = await second.ask<ListWindow>("list", { list });
        if (!fresh.ok) throw new Error(fresh.refusal.code);
        expect(sorted(kept.rows.values())).toEqual(sorted(fresh.rows));
        expect([kept.version, kept.total]).toEqual([fresh.version, fresh.total]);
        return true;
      });
      expect(kept.holes).toBe(0);
      expect(kept.patches).toBeGreaterThan(5);
    }
    second.close();
    for (const visitor of visitors) visitor.close();
  });

  it("[P17] rows say what the other side's row may not: the whole conversation and a preview", async () => {
    const visitor = await visitorClient(server);
    const conversation = newId<ConversationId>();
    await visitor.command({ kind: "start", conversation, name: "Kim" });
    await visitor.command({
      kind: "say",
      conversation,
      content: { type: "text", text: "Preview me" },
    });
    const row = await eventually(async () => {
      for (const list of ["mine", "waiting"] as const) {
        const window = await anna.ask<ListWindow>("list", { list });
        const found = window.ok && window.rows.find((one) => one.conversation.id === conversation);
        if (found) return found;
      }
      return null;
    });
    expect(row).toMatchObject({
      conversation: { name: "Kim", visitor: expect.any(String) },
      preview: { by: "visitor", text: "Preview me" },
      unread: 1,
    });
    visitor.close();
  });
});

describe("what lies in queues", () => {
  it("[P27] chats on hold and closed ones are listed to who has their queue, and to supervisors", async () => {
    const floor = await memoryServer();
    const [owner, member, stranger] = await Promise.all(
      [0, 1, 3].map((n) => agentClient(floor, n)),
    );
    if (!owner || !member || !stranger) throw new Error("nobody there");
    const all = [owner, member, stranger];
    const parked = await Promise.all(all.map((client) => followed(client, "parked")));
    const closed = await Promise.all(all.map((client) => followed(client, "closed")));
    const told = (lists: typeof parked) => lists.map(({ rows }) => [...rows.keys()]);

    // Nobody is there yet.
    const visitor = await visitorClient(floor);
    const conversation = newId<ConversationId>();
    await visitor.command({ kind: "start", conversation, name: "Kim" });
    const content = { type: "text", text: "Anybody there?" };
    await visitor.command({ kind: "say", conversation, content });
    await eventually(() => parked[1]?.rows.get(conversation)?.preview?.text === content.text);
    await floor.app.settle();
    expect(told(parked)).toEqual([[conversation], [conversation], []]);

    await member.command({ kind: "presence", status: "online" });
    await eventually(() => parked[1]?.rows.size === 0 && parked[0]?.rows.size === 0);
    await eventually(async () => {
      const now = await floor.ledger.conversation(floor.workspace, conversation);
      return now?.status === "assigned";
    });
    const now = await floor.ledger.conversation(floor.workspace, conversation);
    await member.command({ kind: "close", conversation, fence: now?.fence });
    await eventually(() => closed[1]?.rows.size === 1 && closed[0]?.rows.size === 1);
    await floor.app.settle();
    expect(told(closed)).toEqual([[conversation], [conversation], []]);
    for (const [index, client] of all.entries()) {
      for (const [list, kept] of [
        ["parked", parked[index]] as const,
        ["closed", closed[index]] as const,
      ]) {
        const fresh = await client.ask<ListWindow>("list", { list });
        if (!fresh.ok) throw new Error(fresh.refusal.code);
        expect(sorted(kept?.rows.values() ?? [])).toEqual(sorted(fresh.rows));
        expect([kept?.version, kept?.total, kept?.holes]).toEqual([fresh.version, fresh.total, 0]);
      }
    }
    for (const client of [...all, visitor]) client.close();
    await floor.close();
  });

  it("[P28] everybody at a console is told how many are online in each queue, and when that changes", async () => {
    const floor = await memoryServer();
    const [anna, ben] = await Promise.all([agentClient(floor, 1), agentClient(floor, 2)]);
    const names = new Map(anna.welcome.queues.map(({ id, name }) => [id, name]));
    expect(anna.welcome.queues.map(({ online }) => online)).toEqual([0, 0, 0]);
    const counts = new Map<string | undefined, number>();
    anna.socket.on("present", ({ queues }: { queues: { id: QueueId; online: number }[] }) => {
      for (const { id, online } of queues) counts.set(names.get(id), online);
    });
    await ben.command({ kind: "presence", status: "online" });
    await eventually(() => counts.get("Front line") === 1 && counts.get("Specialists") === 1);
    await anna.command({ kind: "presence", status: "online" });
    await eventually(() => counts.get("Front line") === 2);
    expect(counts.get("Supervisors")).toBeUndefined();
    await ben.command({ kind: "presence", status: "away" });
    await eventually(() => counts.get("Front line") === 1 && counts.get("Specialists") === 0);
    const late = await agentClient(floor, 3);
    const online = late.welcome.queues.map(({ name, online }) => [name, online]);
    expect(Object.fromEntries(online)).toEqual({ "Front line": 1, Specialists: 0, Supervisors: 0 });
    for (const client of [anna, ben, late]) client.close();
    await floor.close();
  });
});
