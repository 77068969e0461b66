import { expect, it } from "vitest";
import { reconnectSpread } from "#server/transport/realtime.ts";
import { type Client, eventually, newId } from "../support/clients.ts";
import { bystanders } from "./support/bystanders.ts";
import { memoryServer } from "./support/memoryServer.ts";
import { handshake } from "./support/rawSocket.ts";

it("[P18] closing tells everybody, takes nothing new, finishes what is under way and cuts off last", async () => {
  const server = await memoryServer();
  const { visitor, agent, conversation, fence } = await bystanders(server);
  const commit = server.ledger.commit;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  server.ledger.commit = async (change) => {
    await held;
    return commit(change);
  };
  const told: unknown[] = [];
  const gone: Client[] = [];
  for (const client of [visitor, agent]) {
    client.socket.on("draining", (message) => told.push(message));
    client.socket.on("disconnect", () => gone.push(client));
  }
  const id = newId();
  const say = { kind: "say", conversation, content: { type: "text", text: "Just in time" } };
  const underWay = visitor.ask("command", { id, ...say });
  // Until the server has it in hand.
  await visitor.ask("leave", { conversation: newId() });
  const closing = server.close();
  await eventually(() => told.length === 2);
  for (const message of told as { retryAfterMs: number }[]) {
    expect(message.retryAfterMs).toBeGreaterThanOrEqual(0);
    expect(message.retryAfterMs).toBeLessThanOrEqual(1_000);
  }

  const draining = { ok: false, refusal: { code: "draining", retry: true } };
  expect(await visitor.command(say)).toEqual(draining);
  expect(await visitor.ask("sync", { conversation, since: 0 })).toEqual(draining);
  expect(await agent.command({ ...say, fence })).toEqual(draining);
  await expect(handshake(server)).rejects.toThrow("ECONNREFUSED");
  expect(gone).toEqual([]);

  release();
  expect(await underWay).toMatchObject({ ok: true, repeat: false });
  await closing;
  await eventually(() => gone.length === 2);
  const kept = await server.ledger.events(server.workspace, conversation, "visitor", 0, 200);
  expect(kept.filter(({ cause }) => cause === id)).toHaveLength(1);
});

it("[RC7] many are told to come back one after another, few at once, nobody late", () => {
  expect([0, 1, 200, 1_000, 1_000_000].map(reconnectSpread)).toEqual([
    1_000, 1_000, 1_000, 5_000, 10_000,
  ]);
});
