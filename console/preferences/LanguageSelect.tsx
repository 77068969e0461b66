import type { VNode } from "preact";
import type { Say } from "../text/speech.ts";
import { type Language, languages, type Preferences } from "./preferences.ts";

/** Each language is named in itself: who looks for theirs may not read the present one. */
export function LanguageSelect({ preferences, t }: { preferences: Preferences; t: Say }): VNode {
  return (
    <label class="setting">
      <span class="setting-name">{t("preferences.language")}</span>
      <select
        class="field"
        value={preferences.language.value ?? ""}
        onChange={({ currentTarget: { value } }) =>
          preferences.set("language", value === "" ? null : (value as Language))
        }
      >
        <option value="">{t("preferences.languageSystem")}</option>
        {languages.map((language) => (
          <option key={language} value={language} lang={language}>
            {t(`language.${language}`)}
          </option>
        ))}
      </select>
    </label>
  );
}
