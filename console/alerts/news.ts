import type { ConversationId, VisitorId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";

/** Something an agent would want to hear of while looking elsewhere. */
export type News = {
  kind: "chat" | "message";
  /** The same in every tab, so that one of them can claim it. */
  key: string;
  conversation: ConversationId;
  name: string | null;
  visitor: VisitorId;
  text: string | null;
  at: Instant;
};

/** What came between two states of the agent's own list: chats that are new in it, and new visitor messages. */
export function news(before: readonly ListRow[], after: readonly ListRow[]): News[] {
  const known = new Map(before.map((row) => [row.conversation.id, row]));
  return after.flatMap((row) => {
    const old = known.get(row.conversation.id);
    if (!old) return [tell("chat", row)];
    const at = row.preview?.by === "visitor" ? row.preview.at : null;
    const before = old.preview?.at ?? 0;
    return at !== null && at > before ? [tell("message", row)] : [];
  });
}

function tell(kind: News["kind"], { conversation, preview }: ListRow): News {
  const at = kind === "message" && preview ? preview.at : conversation.queuedAt;
  return {
    kind,
    key: `${kind} ${conversation.id} ${kind === "chat" ? conversation.leg : at}`,
    conversation: conversation.id,
    name: conversation.name,
    visitor: conversation.visitor,
    text: preview?.by === "visitor" ? preview.text : null,
    at,
  };
}
