import type { Measured } from "./servers.ts";

/**
 * Pairs of people over one server: what the first of a pair says, the second hears. Messages of a
 * line are numbered by whoever sends them, and come back under these numbers.
 */
export type Floor = {
  server: Measured;
  lines: number;
  send(line: number, n: number): void;
  /** Replaced by whoever measures. */
  hearer: Hearer;
  /** How many messages the server itself says it holds, or null when it holds none. */
  held(): Promise<number | null>;
  close(): void;
};

export type Hearer = {
  acked(line: number, n: number): void;
  delivered(line: number, n: number): void;
};

export const nobody: Hearer = { acked: () => undefined, delivered: () => undefined };

const length = 120;

/** What is said, 120 characters of it, begins with where it belongs. */
export const textOf = (line: number, n: number): string =>
  `#${line}.${n}# `.padEnd(length, "Where is my order, please? ");

const marker = '"text":"#';

/** Finds out what an event says without parsing it: there are tens of thousands a second. */
export function delivered(packet: string, hearer: Hearer): void {
  const from = packet.indexOf(marker) + marker.length;
  if (from < marker.length) return;
  const dot = packet.indexOf(".", from);
  const end = packet.indexOf("#", dot);
  hearer.delivered(Number(packet.slice(from, dot)), Number(packet.slice(dot + 1, end)));
}

/** An acknowledgement of anything but success ends the benchmark: it would measure refusals. */
export function acked(packet: string, prefix: number, line: number, hearer: Hearer): void {
  const bracket = packet.indexOf("[");
  if (!packet.startsWith('[{"ok":true', bracket)) throw new Error(`not taken: ${packet}`);
  hearer.acked(line, Number(packet.slice(2 + prefix, bracket)));
}
