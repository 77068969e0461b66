import type { TranslationOf } from "../translator.ts";
import type { en } from "./en.ts";

export type WidgetTexts = TranslationOf<typeof en>;
export type WidgetLanguage = "en" | "pl" | "uk";

/** A language is fetched when somebody reads it; the frame's page says which one early (modulepreload). */
export const languages: { readonly [Language in WidgetLanguage]: () => Promise<WidgetTexts> } = {
  en: () => import("./en.ts").then(({ en }) => en),
  pl: () => import("./pl.ts").then(({ pl }) => pl),
  uk: () => import("./uk.ts").then(({ uk }) => uk),
};

export const widgetLanguages = Object.keys(languages) as WidgetLanguage[];
