import type { Choices } from "../preferences/preferences.ts";

type Facts = Pick<
  KeyboardEvent,
  "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "isComposing"
>;

/**
 * Whether this key sends. With Ctrl or ⌘ Enter always does; alone it does where the agent set it so,
 * and never while an input method composes a word, which Enter then ends.
 */
export function sends(event: Facts, sendWith: Choices["sendWith"]): boolean {
  if (event.key !== "Enter" || event.isComposing || event.altKey || event.shiftKey) return false;
  return event.ctrlKey || event.metaKey || sendWith === "enter";
}
