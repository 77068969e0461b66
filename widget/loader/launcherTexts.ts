/**
 * The few words needed before the frame, which knows all languages, has said its own: what the
 * launcher is called, and what stands in the panel while the frame can't be loaded.
 */
export const launcherName = "Chat";
export const launcherFailure = "No connection";
export const launcherFailures: { [language: string]: string } = {
  pl: "Brak połączenia",
  uk: "Немає зв’язку",
};
