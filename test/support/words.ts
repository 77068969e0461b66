import { en } from "#shared/text/console/en.ts";
import { pl } from "#shared/text/console/pl.ts";
import { uk } from "#shared/text/console/uk.ts";
import { type Translate, translator } from "#shared/text/translator.ts";
import { en as widgetEn } from "#shared/text/widget/en.ts";
import { pl as widgetPl } from "#shared/text/widget/pl.ts";
import { uk as widgetUk } from "#shared/text/widget/uk.ts";

/** Widget and console speak the same languages. */
export type Language = "en" | "pl" | "uk";
export type WidgetWords = Translate<typeof widgetEn>;
export type ConsoleWords = Translate<typeof en>;

const widget = { en: widgetEn, pl: widgetPl, uk: widgetUk };
const agents = { en, pl, uk };

export const widgetWords = (language: Language): WidgetWords =>
  translator<typeof widgetEn>(language, widget[language]);

export const consoleWords = (language: Language): ConsoleWords =>
  translator<typeof en>(language, agents[language]);
