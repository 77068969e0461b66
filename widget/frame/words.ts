import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { chooseLanguage, direction } from "#shared/text/language.ts";
import { type Moments, moments } from "#shared/text/moments.ts";
import { type Translate, translator } from "#shared/text/translator.ts";
import type { en } from "#shared/text/widget/en.ts";
import {
  languages,
  type WidgetLanguage,
  type WidgetTexts,
  widgetLanguages,
} from "#shared/text/widget/languages.ts";

export type Words = {
  language: WidgetLanguage;
  /** With the reader's region: what dates and numbers follow. */
  locale: string;
  dir: "ltr" | "rtl";
  t: Translate<typeof en>;
  moments: Moments;
};

/** Follows the language asked for; resolves once the first one is there, so that nothing flashes in another. */
export async function followWords(
  asked: ReadonlySignal<string | null>,
  browser: readonly string[],
  zone: string | undefined,
): Promise<ReadonlySignal<Words>> {
  const load = async (wanted: string | null): Promise<Words> => {
    const { language, locale } = chooseLanguage([wanted, ...browser], widgetLanguages, "en");
    const make = (spoken: WidgetLanguage, inLocale: string, texts: WidgetTexts) => ({
      language: spoken,
      locale: inLocale,
      dir: direction(spoken),
      t: translator<typeof en>(spoken, texts),
      moments: moments(inLocale, zone),
    });
    return languages[language]().then(
      (texts) => make(language, locale, texts),
      // The language's file can't be fetched now; a chat in English is better than none.
      async () => make("en", "en", await languages.en()),
    );
  };

  const words = signal(await load(asked.peek()));
  let latest = asked.peek();
  effect(() => {
    const wanted = asked.value;
    if (wanted === latest) return;
    latest = wanted;
    void load(wanted).then((loaded) => {
      if (latest === wanted) words.value = loaded;
    });
  });
  return words;
}
