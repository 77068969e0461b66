import type { Told } from "./told.ts";

/** An event's columns; times are left out. */
export type StoryEvent = {
  conversation: string;
  seq: number;
  prev: number;
  kind: string;
  by_kind: string;
  by_id: string;
  cause: string;
  index: number;
  leg: number;
  fence: number;
  audience: number;
  because: unknown;
  body: unknown;
};

const moves = new Set(["queued", "assigned", "parked", "closed"]);

/**
 * Logs without what differs from run to run: ids are numbered as they come, times and ports left out.
 * Numbers that only say that an event follows the one before it are told as just that, so that an
 * assignment can be lifted out. Its fence, which counts moves, still says between which of them it stood.
 */
export function storyOf(events: readonly StoryEvent[]): Told {
  const lines: string[] = [];
  const assignments: string[] = [];
  let last: StoryEvent | null = null;
  let visible = 0;
  for (const event of events) {
    const before = last?.conversation === event.conversation ? last : null;
    if (!before) visible = 0;
    const { seq, prev, fence, ...rest } = event;
    const told = JSON.stringify({
      ...rest,
      seq: seq === (before?.seq ?? 0) + 1 ? "next" : seq,
      prev: prev === visible ? "visible" : prev,
      fence: !moves.has(event.kind) && fence === before?.fence ? "same" : fence,
    });
    (event.kind === "assigned" ? assignments : lines).push(told);
    if (event.kind !== "note") visible = seq;
    last = event;
  }
  const numbers = new Map<string, number>();
  const numbered = (id: string) => {
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    return `#${numbers.get(id)}`;
  };
  const same = (line: string) =>
    line
      .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, numbered)
      .replace(/"waitedMs": ?\d+/g, '"waitedMs":0')
      .replace(/\b1\d{12}\b/g, "0")
      .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1");
  return { lines: lines.map(same), assignments: assignments.map(same) };
}
