import type { Actor } from "#shared/model/actor.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { Cursors } from "#shared/protocol/sockets.ts";
import type { OutboxEntry } from "./outboxStore.ts";

/**
 * A line of a conversation as a screen draws it. Committed lines come in the log's order, what is
 * still on its way follows them. A line's `key` stays the same from pending to committed, and its
 * object stays the same while nothing about it changes, so that only what changed is redrawn.
 */
export type TimelineRow =
  | {
      key: string;
      kind: "message";
      by: Actor;
      text: string;
      at: Instant;
      mine: boolean;
      mark: "queued" | "sent" | "delivered" | "read" | "failed";
      seq: number | null;
      failure?: Refusal;
      /** Not sent, and gone with the page: the browser would not keep it. */
      unkept?: true;
    }
  | {
      key: string;
      kind: "note";
      by: Actor;
      text: string;
      about: "note" | "transfer";
      at: Instant;
      seq: number | null;
      mark: "queued" | "sent" | "failed";
      failure?: Refusal;
      unkept?: true;
    }
  | { key: string; kind: "system"; at: Instant; seq: number; event: ConversationEvent };

/** What a conversation's lines are made from; `entries` are those of its own outbox. */
export type TimelineSource = {
  events: readonly ConversationEvent[];
  entries: readonly OutboxEntry[];
  /** Those of them that are gone with the page. */
  unkept: ReadonlySet<string>;
  cursors: Cursors;
  me: Actor;
};

/** A row's key names the command and the event's place in it; a person's words are its first event. */
const keyOf = (command: string, index: number) => `${command}:${index}`;
export const commandOf = (key: string): string => key.slice(0, key.lastIndexOf(":"));

/** Builds the lines again and again, handing out the same object for a line that stayed the same. */
export function timeline(): (source: TimelineSource) => readonly TimelineRow[] {
  let before = new Map<string, TimelineRow>();
  return ({ events, entries, unkept, cursors, me }) => {
    const rows: TimelineRow[] = [];
    const causes = new Set<string>();
    for (const event of events) {
      causes.add(event.cause);
      const row = committed(event, cursors, me);
      if (row) rows.push(row);
    }
    const last = events.at(-1)?.seq ?? 0;
    for (const entry of entries) {
      const row = causes.has(entry.id) ? null : pending(entry, last, me, unkept);
      if (row) rows.push(row);
    }
    const same = rows.map((row) => {
      const old = before.get(row.key);
      return old && equal(old, row) ? old : row;
    });
    before = new Map(same.map((row) => [row.key, row]));
    return same;
  };
}

function committed(event: ConversationEvent, cursors: Cursors, me: Actor): TimelineRow | null {
  const { seq, at, by } = event;
  const key = keyOf(event.cause, event.index);
  switch (event.kind) {
    case "message": {
      const reader = cursors[by.kind === "visitor" ? "agent" : "visitor"];
      const mark = reader.read >= seq ? "read" : reader.delivered >= seq ? "delivered" : "sent";
      const mine = by.kind === me.kind && (by.kind === "visitor" || by.id === me.id);
      return { key, kind: "message", by, text: event.body.text, at, mine, mark, seq };
    }
    case "note":
      return { key, kind: "note", by, ...event.body, at, seq, mark: "sent" };
    case "started":
    case "queued":
    case "assigned":
    case "parked":
    case "closed":
      return { key, kind: "system", at, seq, event };
    default:
      // A newer server's kind: it moved the log on, there is nothing to show.
      return null;
  }
}

function pending(
  entry: OutboxEntry,
  last: number,
  me: Actor,
  unkept: ReadonlySet<string>,
): TimelineRow | null {
  const { command, state } = entry;
  if (command.kind !== "say" && command.kind !== "note") return null;
  // Its event is in the log, under this command or as the answer to another; or was wiped with the log.
  if (state.is === "acked" && state.seq <= last) return null;
  const row = {
    key: keyOf(entry.id, 0),
    by: me,
    text: command.text,
    at: entry.at,
    seq: state.is === "acked" ? state.seq : null,
    mark: state.is === "acked" ? ("sent" as const) : state.is,
    ...(state.is === "failed" && state.failure && { failure: state.failure }),
    ...(state.is !== "acked" && unkept.has(entry.id) && { unkept: true as const }),
  };
  return command.kind === "say"
    ? { ...row, kind: "message", mine: true }
    : { ...row, kind: "note", about: "note" };
}

function equal(a: TimelineRow, b: TimelineRow): boolean {
  const left = Object.entries(a);
  return (
    left.length === Object.keys(b).length &&
    left.every(([name, value]) => b[name as keyof TimelineRow] === value)
  );
}
