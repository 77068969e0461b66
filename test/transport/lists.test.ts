import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
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
