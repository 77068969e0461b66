import type { TimelineRow } from "#shared/client/timeline.ts";
import { sameActor } from "#shared/model/actor.ts";
import { type Instant, minutes } from "#shared/model/time.ts";

export type MessageRow = Extract<TimelineRow, { kind: "message" }>;
export type NoteRow = Extract<TimelineRow, { kind: "note" }>;
export type SystemRow = Extract<TimelineRow, { kind: "system" }>;

/** What the timeline is drawn from: days, runs of messages by one sender, notes and system lines. */
export type Block =
  | { kind: "day"; key: string; at: Instant }
  | { kind: "messages"; key: string; rows: readonly [MessageRow, ...MessageRow[]] }
  | { kind: "note"; key: string; row: NoteRow }
  | { kind: "system"; key: string; row: SystemRow };

/** Messages of one sender stand together while no more than this lies between two of them. */
export const groupSpan = minutes(3);

/** Days are those of the reader's zone, which `sameDay` knows. */
export function blocks(
  rows: readonly TimelineRow[],
  sameDay: (a: Instant, b: Instant) => boolean,
): readonly Block[] {
  const made: Block[] = [];
  let day: Instant | null = null;
  for (const row of rows) {
    if (day === null || !sameDay(day, row.at)) {
      made.push({ kind: "day", key: `day ${row.key}`, at: row.at });
    }
    day = row.at;
    const last = made.at(-1);
    if (row.kind === "message" && last?.kind === "messages" && continues(last.rows, row)) {
      made[made.length - 1] = { ...last, rows: [...last.rows, row] };
    } else {
      made.push(alone(row));
    }
  }
  return made;
}

/** Whether two blocks show the same lines: a line that changed is another object. */
export function sameBlock(a: Block, b: Block): boolean {
  if (a.kind === "messages" && b.kind === "messages") {
    return a.rows.length === b.rows.length && a.rows.every((row, at) => row === b.rows[at]);
  }
  if (a.kind === "day" && b.kind === "day") return a.at === b.at;
  return "row" in a && "row" in b && a.row === b.row;
}

function alone(row: TimelineRow): Block {
  switch (row.kind) {
    case "message":
      return { kind: "messages", key: row.key, rows: [row] };
    case "note":
      return { kind: "note", key: row.key, row };
    case "system":
      return { kind: "system", key: row.key, row };
  }
}

function continues(rows: readonly MessageRow[], next: MessageRow): boolean {
  const last = rows.at(-1);
  return last !== undefined && sameActor(last.by, next.by) && next.at - last.at <= groupSpan;
}
