import { z } from "zod";
import { type CommandId, type ConversationId, idPattern, type QueueId } from "../model/ids.ts";
import { messageTextLimit, noteTextLimit, visitorNameLimit } from "../model/message.ts";

/**
 * What people may send. Strict on what comes in: unknown fields are refused. The schemas run on the
 * server only; browser code imports the types (`import type`), which costs no bytes.
 */
const id = <T extends string>() =>
  z
    .string()
    .regex(idPattern)
    .transform((value) => value as T);
/** Half of a character pair and NUL can't be kept in SQL; shown as what they are: not readable. */
const readable = (text: string) => text.toWellFormed().replaceAll("\0", "\ufffd");
const words = (limit: number) => z.string().overwrite(readable).trim().min(1).max(limit);
const fence = z.int().min(0);

const conversationCommand = { id: id<CommandId>(), conversation: id<ConversationId>() };

export const textContent = z.strictObject({
  type: z.literal("text"),
  text: words(messageTextLimit),
});

const start = z.strictObject({
  ...conversationCommand,
  kind: z.literal("start"),
  name: words(visitorNameLimit).optional(),
  queue: id<QueueId>().optional(),
  page: z.string().overwrite(readable).max(2_000).optional(),
});
const visitorSay = z.strictObject({
  ...conversationCommand,
  kind: z.literal("say"),
  content: textContent,
});
const end = z.strictObject({ ...conversationCommand, kind: z.literal("end") });

export const visitorCommand = z.discriminatedUnion("kind", [start, visitorSay, end]);
export type VisitorCommand = z.infer<typeof visitorCommand>;

const agentSay = z.strictObject({
  ...conversationCommand,
  kind: z.literal("say"),
  fence,
  content: textContent,
});
const note = z.strictObject({
  ...conversationCommand,
  kind: z.literal("note"),
  text: words(noteTextLimit),
});
const transfer = z.strictObject({
  ...conversationCommand,
  kind: z.literal("transfer"),
  fence,
  queue: id<QueueId>(),
  note: words(noteTextLimit).optional(),
});
const close = z.strictObject({ ...conversationCommand, kind: z.literal("close"), fence });
/** About the agent itself, not about a conversation. */
const presence = z.strictObject({
  id: id<CommandId>(),
  kind: z.literal("presence"),
  status: z.enum(["online", "away"]),
});

export const agentCommand = z.discriminatedUnion("kind", [
  agentSay,
  note,
  transfer,
  close,
  presence,
]);
export type AgentCommand = z.infer<typeof agentCommand>;
export type PresenceCommand = Extract<AgentCommand, { kind: "presence" }>;
export type AgentConversationCommand = Exclude<AgentCommand, PresenceCommand>;
