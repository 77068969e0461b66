import type { Preferences } from "../preferences/preferences.ts";
import type { Commands } from "./commands.ts";
import { meaningOf, sequenceMs, worksAnywhere } from "./keymap.ts";
import { pressOf } from "./press.ts";

const writable = "input, textarea, select, [contenteditable]";

/** Runs actions by key until the answer is called. Whoever handled a key already has prevented its default. */
export function listenForKeys(
  target: Pick<Document, "addEventListener" | "removeEventListener">,
  commands: Commands,
  preferences: Pick<Preferences, "shortcuts">,
): () => void {
  let pending: { press: string; at: number } | null = null;

  const onKey = (event: KeyboardEvent) => {
    const press = event.defaultPrevented ? null : pressOf(event);
    if (press === null || isModifier(event.key)) return;
    const held = pending && event.timeStamp - pending.at < sequenceMs ? pending.press : null;
    pending = null;
    const element = event.target instanceof Element ? event.target : null;
    // An open dialog or menu has the keys to itself, and Escape wherever the focus is: it closes what
    // lies on top and nothing else.
    if (element?.closest("dialog[open], :popover-open")) return;
    if (press === "Escape" && document.querySelector("dialog[open], :popover-open")) return;
    if (!worksAnywhere(press)) {
      if (!preferences.shortcuts.peek() || element?.closest(writable)) return;
    }
    const meaning = meaningOf(held, press);
    if (meaning.pending) pending = { press: meaning.pending, at: event.timeStamp };
    if (meaning.action && commands.run(meaning.action)) event.preventDefault();
  };

  target.addEventListener("keydown", onKey as EventListener);
  return () => target.removeEventListener("keydown", onKey as EventListener);
}

const isModifier = (key: string): boolean => /^(Shift|Control|Alt|AltGraph|Meta)$/.test(key);
