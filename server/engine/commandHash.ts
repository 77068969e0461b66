import { hash } from "node:crypto";
import type { ConversationCommand } from "../domain/commands.ts";

/**
 * Keyed hash of what a command asks for, so that the same id with another body can be refused without
 * keeping a copy of anybody's words (decision 6). The conversation is left out: a command moved
 * to the visitor's other open conversation keeps its id and is still the same command.
 *
 * The key goes before the body rather than into an HMAC, which takes three times as long: with less
 * than half of the digest kept, nobody can extend one to a longer body.
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
  return hash("sha256", `${secret}\n${JSON.stringify(body)}`, "base64url").slice(0, 20);
}
