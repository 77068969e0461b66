import type { Audience } from "#shared/model/audience.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Head } from "#shared/protocol/sockets.ts";
import type { LogHead } from "../ports.ts";

/** A log's head as this audience may see it: to visitors nothing points beyond their last event. */
export function headFor(
  audience: Audience,
  conversation: ConversationId,
  { seq, visitorSeq, cursors }: LogHead,
): Head {
  const head = audience === "visitor" ? visitorSeq : seq;
  const clamped = ({ delivered, read }: Head["cursors"]["agent"]) => ({
    delivered: Math.min(delivered, head),
    read: Math.min(read, head),
  });
  return {
    conversation,
    head,
    cursors: { visitor: clamped(cursors.visitor), agent: clamped(cursors.agent) },
  };
}
