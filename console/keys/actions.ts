import type { ConsoleTexts } from "#shared/text/console/en.ts";

export type ActionGroup = "move" | "chat" | "write" | "you" | "look";

export type ActionInfo = {
  group: ActionGroup;
  /** Each entry is one way to press it; a space separates presses that follow each other. */
  keys: readonly string[];
  /** Shown in the help only: the part of the screen that has the focus handles the keys itself. */
  local?: true;
};

/**
 * Everything one can do by keyboard or by the palette: the key map, the help and the palette all read
 * this table, so that they cannot disagree. No entry uses Alt, and closing a chat has no
 * single key: whoever believes to be typing would close it.
 */
export const actions = {
  next: { group: "move", keys: ["j"] },
  previous: { group: "move", keys: ["k"] },
  open: { group: "move", keys: ["Enter"], local: true },
  back: { group: "move", keys: ["Escape"] },
  filter: { group: "move", keys: ["/"] },
  goMine: { group: "move", keys: ["g i"] },
  goWaiting: { group: "move", keys: ["g w"] },
  goParked: { group: "move", keys: ["g h"] },
  goClosed: { group: "move", keys: ["g c"] },
  palette: { group: "move", keys: ["mod+k"] },
  help: { group: "move", keys: ["?"] },
  reply: { group: "chat", keys: ["r"] },
  note: { group: "chat", keys: ["n"] },
  canned: { group: "chat", keys: [] },
  transfer: { group: "chat", keys: ["t"] },
  close: { group: "chat", keys: [] },
  context: { group: "chat", keys: ["i"] },
  copyLink: { group: "chat", keys: [] },
  send: { group: "write", keys: ["mod+Enter"], local: true },
  newLine: { group: "write", keys: ["shift+Enter"], local: true },
  online: { group: "you", keys: [] },
  away: { group: "you", keys: [] },
  preferences: { group: "you", keys: [] },
  sound: { group: "you", keys: [] },
  notifications: { group: "you", keys: [] },
  shortcuts: { group: "you", keys: [] },
  sendWith: { group: "you", keys: [] },
  signOut: { group: "you", keys: [] },
  themeSystem: { group: "look", keys: [] },
  themeLight: { group: "look", keys: [] },
  themeDark: { group: "look", keys: [] },
  density: { group: "look", keys: [] },
} as const satisfies Record<string, ActionInfo>;

export type ActionId = keyof typeof actions;
export const actionIds = Object.keys(actions) as ActionId[];
export const infoOf = (id: ActionId): ActionInfo => actions[id];

/** The text that names an action; one that is missing does not compile. */
export const labelOf = (id: ActionId): `action.${ActionId}` & keyof ConsoleTexts => `action.${id}`;
