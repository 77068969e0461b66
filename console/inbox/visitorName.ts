import type { Conversation } from "#shared/model/conversation.ts";
import type { Say } from "../text/speech.ts";
import { shortId } from "./shortId.ts";

/** What to call a visitor: their own word for it, else “Visitor” and what tells them apart. */
export const visitorName = (
  { name, visitor }: Pick<Conversation, "name" | "visitor">,
  t: Say,
): string => name ?? `${t("row.visitor")} ${shortId(visitor)}`;
