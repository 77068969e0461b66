/** What a shortcut looks at in a key event, so that tests need no browser. */
export type KeyFacts = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "isComposing" | "repeat"
>;

/**
 * The press as the key map spells it: `j`, `?`, `Enter`, `mod+k`; null for what never is a shortcut.
 * Alt is left alone altogether: with it people type their letters (ą, ł, @). A letter
 * of another script stands for the key it lies on, so that J works on a Ukrainian keyboard; a Latin
 * one counts as written, so that J is J on Dvorak too.
 */
export function pressOf(event: KeyFacts): string | null {
  if (event.isComposing || event.altKey || event.key === "Process" || event.key === "Dead") {
    return null;
  }
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  const letter = letterOf(event);
  // Shift with a letter is another key than the letter; with a sign it is how the sign is typed.
  if (letter) return event.shiftKey && !mod ? `shift+${letter}` : mod + letter;
  return mod + event.key;
}

function letterOf({ key, code }: KeyFacts): string | null {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const lies = /^Key([A-Z])$/.exec(code)?.[1];
  const foreign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
  return lies && foreign ? lies.toLowerCase() : null;
}
