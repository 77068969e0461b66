import { z } from "zod";
import { type ConversationId, idPattern } from "../model/ids.ts";

const conversation = z
  .string()
  .regex(idPattern)
  .transform((value) => value as ConversationId);
/** What SQL's integer holds. */
const seq = z.int().min(0).max(2_147_483_647);

export const syncLimit = 200;

/** Follow a conversation live; the answer's head tells how far to sync (join → heads → sync → live). */
export const join = z.strictObject({ conversation });
export const leave = z.strictObject({ conversation });
export const sync = z.strictObject({
  conversation,
  since: seq,
  limit: z.int().min(1).max(syncLimit).optional(),
});
/** Cumulative receipts: everything up to and including these seqs was delivered to, or read by, the sender. */
export const receipts = z.strictObject({ conversation, delivered: seq, read: seq });
export const typing = z.strictObject({ conversation, on: z.boolean() });
/** Over plain HTTP: whatever comes after `since`, or when what is told besides is no longer as `seen`. */
export const poll = z.strictObject({
  conversation: conversation.optional(),
  since: seq.optional(),
  seen: z.string().max(64).optional(),
});
export const list = z.strictObject({ list: z.enum(["mine", "waiting", "parked", "closed"]) });

export type Join = z.infer<typeof join>;
export type Sync = z.infer<typeof sync>;
export type Receipts = z.infer<typeof receipts>;
export type Typing = z.infer<typeof typing>;
export type Poll = z.infer<typeof poll>;
export type ListName = z.infer<typeof list>["list"];
