import type { VNode } from "preact";

const apple = /Mac|iP(hone|ad|od)/.test(globalThis.navigator?.platform ?? "");

const written: Record<string, string> = {
  mod: apple ? "⌘" : "Ctrl",
  shift: apple ? "⇧" : "Shift",
  Escape: "Esc",
  Enter: "Enter",
};

const name = (key: string): string => written[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** A press as keys: `mod+k` becomes Ctrl K, or ⌘ K where that is what the keyboard says. */
export const Keys = ({ press }: { press: string }): VNode => (
  <span class="keys">
    {press.split("+").map((key) => (
      <kbd key={key}>{name(key)}</kbd>
    ))}
  </span>
);

/** The same as text, for sentences. */
export const keyText = (press: string): string =>
  press
    .split("+")
    .map(name)
    .join(apple ? "" : "+");
