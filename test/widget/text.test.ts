import { describe, expect, it } from "vitest";
import { canonical, chooseLanguage, direction } from "#shared/text/language.ts";
import { moments } from "#shared/text/moments.ts";
import { type Phrase, translator } from "#shared/text/translator.ts";
import { en } from "#shared/text/widget/en.ts";
import { languages, widgetLanguages } from "#shared/text/widget/languages.ts";

const parametersOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
const textsOf = (phrase: Phrase) => (typeof phrase === "string" ? [phrase] : Object.values(phrase));
const unique = (names: (string | undefined)[]) => [...new Set(names)].sort();

describe.each(widgetLanguages)("widget texts in %s", (language) => {
  it("[W22] say every phrase, with the source's parameters and every plural form", async () => {
    const texts: Record<string, Phrase> = await languages[language]();
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
    const forms = [...new Intl.PluralRules(language).resolvedOptions().pluralCategories].sort();
    for (const [key, source] of Object.entries(en) as [string, Phrase][]) {
      const phrase = texts[key] as Phrase;
      const wanted = unique(textsOf(source).flatMap(parametersOf));
      for (const text of textsOf(phrase)) {
        expect(text.trim(), key).toBe(text);
        expect(text, key).not.toBe("");
        expect(text, key).not.toMatch(/!/);
        expect(unique(parametersOf(text)), key).toEqual(wanted);
      }
      if (typeof phrase !== "string") expect(Object.keys(phrase).sort(), key).toEqual(forms);
    }
  });
});

describe("plural forms", () => {
  const said = async (language: "en" | "pl" | "uk", counts: number[]) => {
    const t = translator<typeof en>(language, await languages[language]());
    return counts.map((count) => t("pill.new", { count }));
  };
  const counts = [0, 1, 2, 5, 11, 12, 21, 22, 25];

  it("[W23] are right in English", async () => {
    expect(await said("en", [0, 1, 2])).toEqual([
      "0 new messages",
      "1 new message",
      "2 new messages",
    ]);
  });

  it("[W23] are right in Polish", async () => {
    expect(await said("pl", counts)).toEqual([
      "0 nowych wiadomości",
      "1 nowa wiadomość",
      "2 nowe wiadomości",
      "5 nowych wiadomości",
      "11 nowych wiadomości",
      "12 nowych wiadomości",
      "21 nowych wiadomości",
      "22 nowe wiadomości",
      "25 nowych wiadomości",
    ]);
  });

  it("[W23] are right in Ukrainian", async () => {
    expect(await said("uk", counts)).toEqual([
      "0 нових повідомлень",
      "1 нове повідомлення",
      "2 нові повідомлення",
      "5 нових повідомлень",
      "11 нових повідомлень",
      "12 нових повідомлень",
      "21 нове повідомлення",
      "22 нові повідомлення",
      "25 нових повідомлень",
    ]);
  });
});

describe("parameters", () => {
  const texts = { plain: "{name} joined", many: { other: "{count} of {name}" } } as const;
  const t = translator<typeof texts>("en", texts);

  it("[W22] are put in as they are, numbers as the language writes them", () => {
    expect(t("plain", { name: "$& {name} <b>" })).toBe("$& {name} <b> joined");
    expect(t("many", { count: 1234, name: "Anna" })).toBe("1,234 of Anna");
  });

  it("[W24] cannot turn the sentence around them", () => {
    expect(t("plain", { name: "Anna\u202e" })).toBe("Anna joined");
    expect(t("plain", { name: "\u202eדנה" })).toBe("\u2068דנה\u2069 joined");
  });
});

describe("the language", () => {
  const choose = (...wanted: (string | null)[]) => chooseLanguage(wanted, widgetLanguages, "en");

  it("[W25] is the first wanted one that is offered, with the reader's region", () => {
    expect(choose("pl-PL")).toEqual({ language: "pl", locale: "pl-PL" });
    expect(choose(null, "uk")).toEqual({ language: "uk", locale: "uk" });
    expect(choose("de-AT", "uk-UA", "pl")).toEqual({ language: "uk", locale: "uk-UA" });
    expect(choose("en_GB")).toEqual({ language: "en", locale: "en-GB" });
    expect(choose("en", "pl-PL", "en-GB")).toEqual({ language: "en", locale: "en-GB" });
    expect(choose("en-US", "en-GB")).toEqual({ language: "en", locale: "en-US" });
    expect(choose("de")).toEqual({ language: "en", locale: "en" });
  });

  it("[W25] survives tags that are none", () => {
    expect(choose("", "<script>", "plx-", "x".repeat(100))).toEqual({
      language: "en",
      locale: "en",
    });
    expect(canonical("PL-pl")).toBe("pl-PL");
  });

  it("[W25] knows its direction", () => {
    expect(["ar-EG", "he", "en", "area"].map(direction)).toEqual(["rtl", "rtl", "ltr", "ltr"]);
  });
});

describe("moments", () => {
  const now = Date.UTC(2026, 10, 22, 0, 30);
  const hours = (n: number) => now - n * 3_600_000;
  const warsaw = moments("en-GB", "Europe/Warsaw");

  it("[W26] are told in the visitor's own zone", () => {
    expect(warsaw.time(now)).toBe("01:30");
    expect(warsaw.sameDay(now, hours(1))).toBe(true);
    expect(moments("en-GB", "UTC").sameDay(now, hours(1))).toBe(false);
  });

  it("[W26] name days by how far they are", () => {
    expect(warsaw.day(now, now)).toBe("Today");
    expect(warsaw.day(hours(2), now)).toBe("Yesterday");
    expect(warsaw.day(hours(3 * 24), now)).toBe("Thursday");
    expect(warsaw.day(hours(20 * 24), now)).toBe("2 November");
    expect(warsaw.day(hours(400 * 24), now)).toBe("18 October 2025");
    expect(moments("pl", "Europe/Warsaw").day(hours(2), now)).toBe("Wczoraj");
    expect(moments("uk", "Europe/Warsaw").day(now, now)).toBe("Сьогодні");
  });
});
