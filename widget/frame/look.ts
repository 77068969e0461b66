import { effect, type ReadonlySignal } from "@preact/signals";
import { accentFor, onAccent, readableOn } from "#shared/look/contrast.ts";
import type { HostHello } from "#shared/protocol/host.ts";

/** The grounds an accent may lie on: `--surface` and `--raised` of both themes in tokens.css. */
export const grounds = {
  light: { surface: "#ffffff", raised: "#f1f2f6" },
  dark: { surface: "#15171c", raised: "#23262e" },
} as const;

/** Puts theme and accent on the page and keeps them right; answers the style that makes the launcher match. */
export function followLook(
  root: HTMLElement,
  theme: ReadonlySignal<HostHello["theme"]>,
  accent: string | null,
): string {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const set = (name: string, value: string) => root.style.setProperty(name, value);
  const paint = () => {
    const wanted = theme.peek();
    root.dataset.theme = wanted;
    if (!accent) return;
    const { surface, raised } = grounds[wanted === "auto" ? systemTheme(system) : wanted];
    const made = accentFor(accent, surface);
    set("--accent", made.accent);
    set("--on-accent", made.onAccent);
    set("--accent-text", readableOn(raised, accent));
    set("--accent-soft", "color-mix(in srgb, var(--accent) 12%, var(--surface))");
    // Fills may be shaded, but only away from what is written on them.
    set("--accent-shade", made.onAccent === "#ffffff" ? "#000" : "#fff");
  };
  effect(() => {
    theme.value;
    paint();
  });
  system.addEventListener("change", paint);
  return accent ? `background:${accent};color:${onAccent(accent)}` : "";
}

const systemTheme = ({ matches }: MediaQueryList) => (matches ? "dark" : "light");
