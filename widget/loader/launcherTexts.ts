/**
 * The few words needed before the frame, which knows all languages, has said its own: what the
 * launcher is called, and what to press when the frame could not be loaded.
 */
export const launcherTexts: { [language: string]: readonly [chat: string, again: string] } = {
  pl: ["Czat", "Czat się nie wczytał. Ponów"],
  uk: ["Чат", "Чат не завантажився. Повторити"],
};
export const englishLauncher = ["Chat", "The chat did not load. Retry"] as const;
