import type { TimelineRow } from "#shared/client/timeline.ts";
import type { Actor } from "#shared/model/actor.ts";
import { type Instant, minutes } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Moments } from "#shared/text/moments.ts";
import type { Words } from "./words.ts";

export type MessageRow = Extract<TimelineRow, { kind: "message" }>;

/** What the log shows, top to bottom. Items are flat, so that a new one is an appended node and nothing else. */
export type Item =
  | { kind: "day"; key: string; label: string }
  | { kind: "line"; key: string; text: string; at: Instant }
  | {
      kind: "message";
      key: string;
      row: MessageRow;
      /** Who wrote it, in the reader's words. */
      name: string;
      /** Whether the name is shown above: where the speaker changes. */
      named: boolean;
      /** Place in a run of messages close together. */
      first: boolean;
      last: boolean;
      /** Whether time and mark are shown below. */
      footed: boolean;
    };

type Shown = { row: Exclude<TimelineRow, { kind: "note" }>; text: string };

/** Messages by one person this close together belong together. */
const togetherMs = minutes(3);

export function layout(rows: readonly TimelineRow[], now: Instant, words: Words): Item[] {
  const { t, moments } = words;
  const names = agentNames(rows);
  const shown = rows.flatMap((row): Shown[] => {
    if (row.kind === "message") return [{ row, text: row.text }];
    // Notes are for staff and never come here.
    if (row.kind === "note") return [];
    const text = lineText(row.event, names, t);
    return text === null ? [] : [{ row, text }];
  });
  // A chat is opened a moment before its first message arrives, so what that opening led to is logged
  // first; read, it makes sense only below the message.
  const opening = shown.findIndex(({ row }) => row.kind === "message");
  shown.unshift(...shown.splice(Math.max(opening, 0), 1));

  const items: Item[] = [];
  shown.forEach(({ row, text }, index) => {
    const before = shown[index - 1]?.row;
    const after = shown[index + 1]?.row;
    if (!before || !moments.sameDay(before.at, row.at)) {
      items.push({ kind: "day", key: `day ${row.key}`, label: moments.day(row.at, now) });
    }
    if (row.kind !== "message") {
      items.push({ kind: "line", key: row.key, text, at: row.at });
      return;
    }
    const last = !follows(row, after, moments);
    const next = after?.kind === "message" ? after : undefined;
    items.push({
      kind: "message",
      key: row.key,
      row,
      name: row.mine ? t("message.you") : (names.get(row.by.id) ?? t("message.agent")),
      named: before?.kind !== "message" || !same(before.by, row.by),
      first: before?.kind !== "message" || !follows(before, row, moments),
      last,
      footed:
        last ||
        row.mark === "failed" ||
        (row.mine && (next?.mark !== row.mark || next.unkept !== row.unkept)),
    });
  });
  return items;
}

function follows(row: MessageRow, after: TimelineRow | undefined, moments: Moments): boolean {
  if (after?.kind !== "message" || after.mine !== row.mine || !same(row.by, after.by)) return false;
  return after.at - row.at < togetherMs && moments.sameDay(row.at, after.at);
}

/** A message on its way doesn't know its visitor's id yet. */
const same = (a: Actor, b: Actor) => a.kind === b.kind && (a.kind === "visitor" || a.id === b.id);

/** Agents as they introduced themselves by joining. */
export function agentNames(rows: readonly TimelineRow[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const row of rows) {
    if (row.kind === "system" && row.event.kind === "assigned") {
      names.set(row.event.body.agent, row.event.body.name);
    }
  }
  return names;
}

/** What a system event says to the visitor; null where the rest of the screen says it already. */
function lineText(
  event: ConversationEvent,
  names: ReadonlyMap<string, string>,
  t: Words["t"],
): string | null {
  switch (event.kind) {
    case "queued":
      switch (event.body.why) {
        case "transfer":
          return t("line.transferred", { queue: event.body.queueName });
        case "woken":
          return t("line.resumed");
        case "reopened":
          return t("line.reopened");
        case "agentGone":
          return t("line.agentGone");
        default:
          return null;
      }
    case "assigned":
      return t("line.joined", { name: event.body.name });
    case "parked":
      switch (event.body.why) {
        case "unattended":
          return t("line.unattended");
        case "snooze":
          return t("line.snoozed");
        default:
          return t("line.leftMessage");
      }
    case "closed": {
      const name = names.get(event.by.id);
      switch (event.body.reason) {
        case "visitor":
          return t("line.closedByYou");
        case "abandoned":
          return t("line.closedAbandoned");
        default:
          return name ? t("line.closedByAgent", { name }) : t("line.closedByUs");
      }
    }
    default:
      return null;
  }
}
