import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ConsoleTexts } from "#shared/text/console/en.ts";
import { en } from "#shared/text/console/en.ts";
import { chooseLanguage } from "#shared/text/language.ts";
import { type Moments, moments } from "#shared/text/moments.ts";
import { type Translate, type TranslationOf, translator } from "#shared/text/translator.ts";
import { type Language, languages, type Preferences } from "../preferences/preferences.ts";

/** How the console speaks now: words, dates and numbers of one locale. */
export type Speech = {
  language: Language;
  locale: string;
  t: Translate<ConsoleTexts>;
  moments: Moments;
};

export type Say = Speech["t"];
type Translation = TranslationOf<ConsoleTexts>;

/** English is always here; the others come when someone reads them. */
const load: Record<Language, () => Promise<Translation>> = {
  en: async () => en,
  pl: async () => (await import("#shared/text/console/pl.ts")).pl,
  uk: async () => (await import("#shared/text/console/uk.ts")).uk,
};

export type SpeechSource = {
  speech: ReadonlySignal<Speech>;
  /** Settled once the first language is there: drawing waits for it, so that no other flashes up. */
  ready: Promise<void>;
};

/**
 * Follows the chosen language. A language that cannot be loaded (offline, say) leaves the one before
 * in place, which is at worst English.
 */
export function openSpeech(
  preferences: Pick<Preferences, "language">,
  browserLanguages: readonly string[],
  zone?: string,
): SpeechSource {
  const wanted = computed(() =>
    chooseLanguage([preferences.language.value, ...browserLanguages], languages, "en"),
  );
  const speech = signal<Speech>(speak("en", "en", en, zone));
  let settle: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  });
  effect(() => {
    const { language, locale } = wanted.value;
    load[language]()
      .then((texts) => {
        if (wanted.peek().language === language)
          speech.value = speak(language, locale, texts, zone);
      }, noLanguage)
      .finally(settle);
  });
  return { speech, ready };
}

/** The chunk could not be fetched; the language in place stays and choosing again tries again. */
const noLanguage = () => undefined;

const speak = (
  language: Language,
  locale: string,
  texts: Translation,
  zone: string | undefined,
): Speech => ({
  language,
  locale,
  t: translator<ConsoleTexts>(locale, texts),
  moments: moments(locale, zone),
});
