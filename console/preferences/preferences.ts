import { type ReadonlySignal, signal } from "@preact/signals";

/** What an agent may set for this browser. Each is one signal, so that only what reads it redraws. */
export type Choices = {
  theme: "system" | "light" | "dark";
  /** Null follows the browser. */
  language: Language | null;
  density: "comfortable" | "compact";
  /** What sends: Enter, or Enter with Ctrl or ⌘. */
  sendWith: "enter" | "modEnter";
  /** Single-key shortcuts; WCAG 2.1.4 asks that they can be switched off. */
  shortcuts: boolean;
  sound: boolean;
  /** Desktop notifications; the browser's own permission is needed too. */
  notifications: boolean;
  context: boolean;
};

export type Language = "en" | "pl" | "uk";
export const languages = ["en", "pl", "uk"] as const satisfies readonly Language[];

export const defaults: Choices = {
  theme: "system",
  language: null,
  density: "comfortable",
  sendWith: "enter",
  shortcuts: true,
  sound: true,
  notifications: false,
  context: true,
};

/** What each choice may be; anything else in storage counts as not chosen. */
const allowed: { [K in keyof Choices]: readonly Choices[K][] } = {
  theme: ["system", "light", "dark"],
  language: [null, ...languages],
  density: ["comfortable", "compact"],
  sendWith: ["enter", "modEnter"],
  shortcuts: [true, false],
  sound: [true, false],
  notifications: [true, false],
  context: [true, false],
};

export type Preferences = { readonly [K in keyof Choices]: ReadonlySignal<Choices[K]> } & {
  set<K extends keyof Choices>(name: K, value: Choices[K]): void;
};

export type PreferenceStorage = Pick<Storage, "getItem" | "setItem">;

export const preferencesKey = "parley.preferences";

/** Kept in this browser as long as it lets us; otherwise for as long as the page is open. */
export function openPreferences(storage: PreferenceStorage | null): Preferences {
  const stored = parse(storage);
  const start = <K extends keyof Choices>(name: K) => signal<Choices[K]>(chosen(stored, name));
  const signals = {
    theme: start("theme"),
    language: start("language"),
    density: start("density"),
    sendWith: start("sendWith"),
    shortcuts: start("shortcuts"),
    sound: start("sound"),
    notifications: start("notifications"),
    context: start("context"),
  };
  const all = () =>
    Object.fromEntries(Object.entries(signals).map(([name, { value }]) => [name, value]));
  return {
    ...signals,
    set(name, value) {
      // The map above ties each name to its own type, which TypeScript cannot follow through a union.
      (signals[name] as { value: unknown }).value = value;
      try {
        storage?.setItem(preferencesKey, JSON.stringify(all()));
      } catch {
        // Forbidden or full: the choice holds until the page is closed.
      }
    },
  };
}

function chosen<K extends keyof Choices>(stored: Record<string, unknown>, name: K): Choices[K] {
  const options: readonly unknown[] = allowed[name];
  return options.includes(stored[name]) ? (stored[name] as Choices[K]) : defaults[name];
}

function parse(storage: PreferenceStorage | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(preferencesKey) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
