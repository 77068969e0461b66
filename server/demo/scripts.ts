import { pick, pickWeighted, type Random } from "./random.ts";
import * as en from "./scripts/en.ts";
import * as pl from "./scripts/pl.ts";
import type { Language, Line, Mood, Phrases, Script } from "./scripts/script.ts";
import * as uk from "./scripts/uk.ts";

export type { Language, Line, Mood, Phrases, Script } from "./scripts/script.ts";

export const languages: Readonly<Record<Language, Phrases>> = {
  en: en.phrases,
  pl: pl.phrases,
  uk: uk.phrases,
};

export const scripts: readonly Script[] = [...en.scripts, ...pl.scripts, ...uk.scripts];

/** How often each mood comes along; most people are fine. */
export type Mix = Readonly<Record<Mood, number>>;

export const usualMix: Mix = {
  calm: 30,
  ordering: 25,
  angry: 12,
  comingBack: 12,
  manager: 10,
  silent: 7,
  abusive: 4,
};

export function castScript(random: Random, mix: Mix): Script {
  const mood = pickWeighted(random, Object.entries(mix) as [Mood, number][]);
  const fitting = scripts.filter((script) => script.mood === mood);
  return pick(random, fitting);
}

export function castName(random: Random, { language, voice }: Script): string {
  const { names, tag } = languages[language];
  return `${pick(random, names[voice])} (${tag})`;
}

/** A line as an agent hears it: `last` when nothing follows before the chat is over. */
export type HeardLine = Line & { last: boolean };

const known = new Map<string, HeardLine>(
  scripts.flatMap(({ lines }) =>
    lines.map((line, index) => {
      const next = lines[index + 1];
      return [line.text, { ...line, last: !next || next.later === true }] as const;
    }),
  ),
);

/** The line of a script that somebody wrote, if it is one; a watcher's signature behind it is no matter. */
export function lineBehind(text: string): HeardLine | null {
  for (let cut = text.length; cut > 0; cut = text.lastIndexOf(" ", cut - 1)) {
    const line = known.get(text.slice(0, cut));
    if (line) return line;
  }
  return null;
}

/** The language somebody writes in, by their browser's tag; English where we have no other. */
export const languageOf = (locale: string): Phrases =>
  languages[(locale.split("-")[0] ?? "") as Language] ?? languages.en;
