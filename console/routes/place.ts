import { type ConversationId, idPattern } from "#shared/model/ids.ts";

/** Where in the console one is: which list, and which chat is open beside it. */
export type Place = { view: View; chat: ConversationId | null };
export type View = "mine" | "waiting" | "parked" | "closed";

const base = "/console";

/** The place an address means; an address that means none is the list of one's own chats. */
export function placeOf(path: string, query: Readonly<Record<string, string>>): Place {
  const [, first, second] = path.split("/").filter(Boolean);
  if (first === "waiting" || first === "parked" || first === "closed") {
    return { view: first, chat: asId(query.chat) };
  }
  if (first === "chat") return { view: "mine", chat: asId(second) };
  return { view: "mine", chat: null };
}

/** The address of a place; `placeOf` reads it back. */
export function addressOf({ view, chat }: Place): string {
  if (view !== "mine") return chat ? `${base}/${view}?chat=${chat}` : `${base}/${view}`;
  return chat ? `${base}/chat/${chat}` : `${base}/`;
}

const asId = (value: string | undefined): ConversationId | null =>
  value && idPattern.test(value) ? (value as ConversationId) : null;
