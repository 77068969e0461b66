import type { ConversationId } from "#shared/model/ids.ts";
import { newId } from "../../support/clients.ts";

/** One payload the server takes, for every event and kind of command: what bad ones are made from. */
export type Example = { event: string; payload: Record<string, unknown>; optional: string[] };

const hello = {
  protocol: { min: 1, max: 1 },
  logEpoch: "epoch",
  locale: "en",
  zone: "UTC",
};

const shared = (conversation: ConversationId): Example[] => [
  { event: "hello", payload: hello, optional: [] },
  { event: "join", payload: { conversation }, optional: [] },
  { event: "leave", payload: { conversation }, optional: [] },
  { event: "sync", payload: { conversation, since: 0, limit: 10 }, optional: ["limit"] },
  { event: "receipts", payload: { conversation, delivered: 0, read: 0 }, optional: [] },
  { event: "typing", payload: { conversation, on: true }, optional: [] },
];

const command = (payload: Record<string, unknown>, ...optional: string[]): Example => ({
  event: "command",
  payload: { id: newId(), ...payload },
  optional,
});

const content = { type: "text", text: "Hello" };

export const visitorExamples = (conversation: ConversationId, queue: string): Example[] => [
  ...shared(conversation),
  command(
    { kind: "start", conversation, name: "Kim", queue, page: "https://shop.example/" },
    "name",
    "queue",
    "page",
  ),
  command({ kind: "say", conversation, content }),
  command({ kind: "end", conversation }),
];

export const agentExamples = (conversation: ConversationId, queue: string): Example[] => [
  ...shared(conversation),
  { event: "list", payload: { list: "mine" }, optional: [] },
  command({ kind: "say", conversation, fence: 1, content }),
  command({ kind: "note", conversation, text: "Regular customer" }),
  command({ kind: "transfer", conversation, fence: 1, queue, note: "Please help" }, "note"),
  command({ kind: "close", conversation, fence: 1 }),
  command({ kind: "presence", status: "online" }),
];
