import type { TranslationOf } from "../translator.ts";
import { en } from "./en.ts";

type WidgetTexts = TranslationOf<typeof en>;

/** English travels with the program; every other language is fetched when somebody reads it. */
export const languages = {
  en: () => Promise.resolve<WidgetTexts>(en),
  pl: () => import("./pl.ts").then(({ pl }): WidgetTexts => pl),
  uk: () => import("./uk.ts").then(({ uk }): WidgetTexts => uk),
} as const satisfies Record<string, () => Promise<WidgetTexts>>;

export type WidgetLanguage = keyof typeof languages;
export const widgetLanguages = Object.keys(languages) as WidgetLanguage[];
