import type { ReadonlySignal } from "@preact/signals";
import { effect } from "@preact/signals";
import { direction } from "#shared/text/language.ts";
import type { Speech } from "../text/speech.ts";
import type { Preferences } from "./preferences.ts";

/** Writes theme, density and language on the page, where the stylesheet and the browser read them. */
export function followAppearance(
  preferences: Preferences,
  speech: ReadonlySignal<Speech>,
  root: HTMLElement = document.documentElement,
): () => void {
  return effect(() => {
    const { theme, density } = preferences;
    root.dataset.theme = theme.value === "system" ? "auto" : theme.value;
    root.dataset.density = density.value;
    root.lang = speech.value.language;
    root.dir = direction(speech.value.language);
  });
}
