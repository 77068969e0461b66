import { createHmac } from "node:crypto";
import type { ConversationCommand } from "../domain/commands.ts";

/**
 * Keyed hash of what a command asks for, so that the same id with another body can be refused without
 * keeping a copy of anybody's words (house decision 6). The conversation is left out: a command moved
 * to the visitor's other open conversation keeps its id and is still the same command.
 */
export function commandHash(
  secret: string,
  command: ConversationCommand | { kind: "presence"; status: string },
): string {
  const {
    id: _id,
    conversation: _conversation,
    ...body
  } = { id: "", conversation: "", ...command };
  return createHmac("sha256", secret).update(JSON.stringify(body)).digest("base64url").slice(0, 22);
}
