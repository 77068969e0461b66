import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { actionIds, labelOf } from "#console/keys/actions.ts";
import { refusalCodes } from "#shared/protocol/refusals.ts";
import { en } from "#shared/text/console/en.ts";
import { pl } from "#shared/text/console/pl.ts";
import { uk } from "#shared/text/console/uk.ts";
import type { Phrase } from "#shared/text/translator.ts";

const languages = { en, pl, uk } as const;
const phrases = (language: keyof typeof languages) =>
  Object.entries(languages[language]) as [string, Phrase][];
const textsOf = (phrase: Phrase): string[] =>
  typeof phrase === "string"
    ? [phrase]
    : Object.values(phrase).filter((text) => text !== undefined);
const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe.each(["en", "pl", "uk"] as const)("The console's words in %s", (language) => {
  it("[AC20] have every plural form the language distinguishes", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, phrase] of phrases(language)) {
      if (typeof phrase === "string") continue;
      expect([...Object.keys(phrase)].sort(), key).toEqual([...forms].sort());
    }
  });

  it("[AC20] name what the English ones name", () => {
    for (const [key, phrase] of phrases(language)) {
      const [wanted = ""] = textsOf(en[key as keyof typeof en]);
      for (const text of textsOf(phrase)) expect(namesIn(text), key).toEqual(namesIn(wanted));
    }
  });

  it("[AC20] neither shout nor end in the air", () => {
    for (const [key, phrase] of phrases(language)) {
      for (const text of textsOf(phrase)) {
        expect(text, key).not.toMatch(/!|^\s|\s$|\.\.\./);
        expect(text, key).not.toBe("");
      }
    }
  });
});

describe("Texts", () => {
  it("[AC21] name every action and every refusal", () => {
    for (const id of actionIds) expect(en).toHaveProperty([labelOf(id)]);
    for (const code of Object.keys(refusalCodes)) expect(en).toHaveProperty([`refusal.${code}`]);
  });

  it("[AC21] are all used", () => {
    const root = join(import.meta.dirname, "../../console");
    const sources = filesIn(root).map((path) => readFileSync(path, "utf8"));
    const code = sources.join("\n");
    const made = [/t\(\s*`([a-zA-Z]+)\.([a-zA-Z]*)\$\{/g, /`([a-zA-Z]+)\.([a-zA-Z]*)\$\{/g];
    const beginnings = new Set(
      made.flatMap((pattern) => [...code.matchAll(pattern)].map(([, a, b]) => `${a}.${b}`)),
    );
    const unused = Object.keys(en).filter(
      (key) =>
        !code.includes(`"${key}"`) &&
        ![...beginnings].some((beginning) => key.startsWith(beginning)),
    );
    expect(unused).toEqual([]);
  });

  const filesIn = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return filesIn(path);
      return /\.tsx?$/.test(name) ? [path] : [];
    });
});
