/**
 * Which language to speak. `wanted` are BCP 47 tags, best first; the first whose language is offered
 * wins. The answer keeps the reader's own region, also when another of the tags says it: a page in
 * "en" read by somebody with "en-GB" has British dates.
 */
export type Choice<Language extends string> = { language: Language; locale: string };

export function chooseLanguage<Language extends string>(
  wanted: readonly (string | null | undefined)[],
  offered: readonly Language[],
  otherwise: Language,
): Choice<Language> {
  const locales = wanted.map(canonical).filter((locale) => locale !== null);
  for (const locale of locales) {
    const language = offered.find((each) => each === languageOf(locale));
    if (!language) continue;
    const regional = locales.find((each) => languageOf(each) === language && each !== language);
    return { language, locale: regional ?? locale };
  }
  return { language: otherwise, locale: otherwise };
}

const languageOf = (locale: string) => locale.split("-")[0];

/** The tag as Intl spells it, or null when it is none: it may come from a host page. */
export function canonical(tag: string | null | undefined): string | null {
  if (!tag) return null;
  try {
    return Intl.getCanonicalLocales(tag.replaceAll("_", "-"))[0] ?? null;
  } catch {
    // A RangeError is how Intl says that this is not a language tag.
    return null;
  }
}

/** For the `dir` attribute. */
export const direction = (language: string): "ltr" | "rtl" =>
  /^(ar|dv|fa|he|ku|ps|sd|ug|ur|yi)\b/.test(language) ? "rtl" : "ltr";
