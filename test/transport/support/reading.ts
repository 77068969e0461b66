import type { ConversationId } from "#shared/model/ids.ts";
import type { ConversationEvent, EventKind, EventOf } from "#shared/protocol/events.ts";
import type { Page } from "#shared/protocol/sockets.ts";
import { type Client, eventually } from "../../support/clients.ts";

/** A conversation's events as this client may see them, page by page. */
export async function wholeLog(
  client: Client,
  conversation: ConversationId,
  limit = 200,
): Promise<ConversationEvent[]> {
  const events: ConversationEvent[] = [];
  for (;;) {
    const since = events.at(-1)?.seq ?? 0;
    const page = await client.ask<Page>("sync", { conversation, since, limit });
    if (!page.ok) throw new Error(`sync refused: ${page.refusal.code}`);
    events.push(...page.events);
    if (!page.more) return events;
  }
}

/** The newest event of a kind, as soon as there is one. */
export const newest = <K extends EventKind>(
  client: Client,
  conversation: ConversationId,
  kind: K,
): Promise<EventOf<K>> =>
  eventually(async () => {
    const events = await wholeLog(client, conversation);
    return events.findLast((event): event is EventOf<K> => event.kind === kind);
  });

/** The conversation has an owner. */
export const assigned = (client: Client, conversation: ConversationId) =>
  newest(client, conversation, "assigned");
