import { describe, expect, it, vi } from "vitest";
import { type FollowingParts, follow } from "#server/transport/following.ts";
import type { Connection } from "#server/transport/receive.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { AgentId, ConversationId } from "#shared/model/ids.ts";

const conversation = "00000000-0000-7000-8000-00000000000c" as ConversationId;
const anna = "anna" as AgentId;
const ben = "ben" as AgentId;

/** Anna's console on a node that remembers `remembered` of a chat, while SQL says `truth`. */
function annaOn(remembered: AgentId | null, truth: AgentId) {
  const chat = (agent: AgentId | null) =>
    ({ id: conversation, seq: 4, head: { seq: 4, at: 0 }, agent }) as unknown as Conversation;
  let known = chat(remembered);
  const handlers = new Map<string, (...args: unknown[]) => Promise<void>>();
  const typing = vi.fn();
  const reread = vi.fn(() => {
    known = chat(truth);
  });
  const parts = {
    ledger: { advanceCursor: async () => ({}) },
    delivery: { cursors() {}, typing },
    dispatch: { forget: reread },
  } as unknown as FollowingParts;
  follow(parts, {
    on: handlers.set.bind(handlers),
    join: async () => undefined,
    leave: async () => undefined,
    connection: {
      id: "c",
      limit: () => 0,
      draining: () => false,
      taken: () => undefined,
      answered: () => undefined,
      log: { refused() {}, failed() {} },
    } as unknown as Connection,
    audience: "agent",
    actor: "agent",
    mayRead: async () => known,
    takesPart: (one) => (one as unknown as { agent: AgentId | null }).agent === anna,
  });
  const read = async () => {
    const reply = vi.fn();
    await handlers.get("receipts")?.({ conversation, delivered: 4, read: 4 }, reply);
    return reply.mock.calls[0]?.[0];
  };
  const types = () => handlers.get("typing")?.({ conversation, on: true });
  return { read, types, typing, reread };
}

describe("receipts and typing", () => {
  it("[P22] are taken from whoever holds the chat, though this node didn't hear that they do", async () => {
    for (const remembered of [null, ben]) {
      const { read, types, typing } = annaOn(remembered, anna);
      expect(await read()).toEqual({ ok: true });
      await types();
      expect(typing).toHaveBeenCalledOnce();
    }
  });

  it("[P22] are refused from everybody else, and what is known isn't read again", async () => {
    const { read, types, typing } = annaOn(ben, ben);
    expect(await read()).toMatchObject({ refusal: { code: "forbidden" } });
    await types();
    expect(typing).not.toHaveBeenCalled();
    const holder = annaOn(anna, anna);
    expect(await holder.read()).toEqual({ ok: true });
    expect(holder.reread).not.toHaveBeenCalled();
  });
});
