import type { Page } from "#server/demo/watch.ts";
import type { Status } from "#shared/model/conversation.ts";

/**
 * What clients did and saw, in the order in which it happened in the process that recorded it. Plain
 * data: it can be written down and checked elsewhere.
 */
export type History = {
  pages: Page[];
  records: Entry[];
};

export type Entry = {
  /** Milliseconds since 1970 by this machine's clock. */
  at: number;
  /** Whose: a place in `pages`. */
  page: number;
} & What;

export type What =
  | { is: "opened" | "left" }
  | Invoked
  | { is: "sent"; command: string; conversation: string; kind: string; fence: number | null }
  | { is: "acked"; command: string; conversation: string | null; seq: number; repeat: boolean }
  | { is: "refused"; command: string; code: string; retry: boolean }
  /** No answer came. */
  | { is: "lost"; command: string }
  /** The outbox shows it as not sent and tries no more. */
  | { is: "givenUp"; command: string }
  /** The outbox forgot it: it went elsewhere, or there was no need for it. */
  | { is: "forgotten"; command: string }
  /** Anything else that came from the server; answers are called by what was asked. */
  | { is: "frame"; event: string; payload: unknown }
  | { is: "shown"; view: number }
  | { is: "drawn"; view: number; conversation: string; picture: Picture }
  | { is: "hidden"; view: number };

/** From here on its sender counts on a command. */
export type Invoked = {
  is: "invoked";
  command: string;
  conversation: string;
  kind: string;
  text: string | null;
  /** In the outbox, which outlives the page; what isn't ends with it. */
  kept: boolean;
};

/** What changed on a screen that shows a conversation. */
export type Picture = {
  /** The last event that is drawn. */
  applied: number;
  state: State;
  /** How many lines there are now, and those that are new or different. */
  length: number;
  lines: readonly (readonly [number, Line])[];
};

export type State = { status: Status; fence: number; owner: string | null };

/** A line on a screen; without `seq` it is still on its way. */
export type Line = {
  key: string;
  kind: string;
  seq: number | null;
  mark: string | null;
  text: string | null;
};

/** What the recorder adds to texts so that they can be told apart anywhere: their mark. */
export const markOf = (kind: "say" | "note", number: number): string =>
  `~${kind === "note" ? "n" : "s"}${number.toString(36)}~`;
export const marks = /~[ns][0-9a-z]+~/g;
export const marksNote = (mark: string): boolean => mark.startsWith("~n");
