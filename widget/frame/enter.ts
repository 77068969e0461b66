/** Where the focus belongs on each screen, first that exists. */
const entries = ["message", "composer", "again"];

/** Moves the focus into the panel. On touch a field would raise the keyboard, so the panel itself takes it there. */
export function enter(panel: HTMLElement | null): void {
  const field = entries.map((id) => document.getElementById(id)).find(Boolean);
  const touch = matchMedia("(pointer: coarse)").matches && field?.matches("textarea");
  (field && !touch ? field : panel)?.focus();
}
