import type { TranslationOf } from "../translator.ts";
import { en } from "./en.ts";

export type WidgetTexts = TranslationOf<typeof en>;
export type WidgetLanguage = "en" | "pl" | "uk";

/** English travels with the program; every other language is fetched when somebody reads it. */
export const languages: { readonly [Language in WidgetLanguage]: () => Promise<WidgetTexts> } = {
  en: () => Promise.resolve(en),
  pl: () => import("./pl.ts").then(({ pl }) => pl),
  uk: () => import("./uk.ts").then(({ uk }) => uk),
};

export const widgetLanguages = Object.keys(languages) as WidgetLanguage[];
