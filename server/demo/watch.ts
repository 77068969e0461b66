import type { ReadonlySignal } from "@preact/signals-core";
import type { OutboxStore } from "#shared/client/outboxStore.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { Wire } from "#shared/client/wire.ts";
import type { Conversation } from "#shared/model/conversation.ts";

/** One page of one person: a reload makes the next page of the same tab. */
export type Page = {
  /** Names the tab; what it hasn't sent yet outlives its pages. */
  tab: string;
  side: "visitor" | "agent";
  /** Counts the tab's pages from 1. */
  number: number;
};

/**
 * Somebody who looks over the bots' shoulders: tests record what happened, and play the network.
 * Nobody watches a demo.
 */
export type Watch = {
  wire(page: Page, wire: Wire): Wire;
  store(page: Page, store: OutboxStore): OutboxStore;
  /** A conversation is on the page's screen from now until the answer is called. */
  shown(page: Page, screen: Screen): () => void;
  /** The page is closed. */
  left(page: Page): void;
  /** Adds to what a bot is about to write, so that it can be recognised wherever it turns up. */
  signed(page: Page, text: string, about: { kind: "say" | "note" }): string;
};

export type Screen = {
  /** Null while there is none yet; a visitor's screen may show one after another. */
  conversation: ReadonlySignal<Conversation | null>;
  timeline: ReadonlySignal<readonly TimelineRow[]>;
};

export const unwatched: Watch = {
  wire: (_page, wire) => wire,
  store: (_page, store) => store,
  shown: () => () => undefined,
  left: () => undefined,
  signed: (_page, text) => text,
};
