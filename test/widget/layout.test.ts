import { describe, expect, it } from "vitest";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { ConversationEvent, EventBody } from "#shared/protocol/events.ts";
import { moments } from "#shared/text/moments.ts";
import { translator } from "#shared/text/translator.ts";
import { en } from "#shared/text/widget/en.ts";
import { layout } from "#widget/frame/layout.ts";
import type { Words } from "#widget/frame/words.ts";

type Message = Extract<TimelineRow, { kind: "message" }>;
const noon = Date.UTC(2026, 10, 22, 12);
const minutes = (n: number) => noon + n * 60_000;
const words: Words = {
  language: "en",
  locale: "en-GB",
  dir: "ltr",
  t: translator<typeof en>("en", en),
  moments: moments("en-GB", "UTC"),
};

const says = (
  by: "visitor" | "anna" | "ben",
  at: number,
  more: Partial<Message> = {},
): Message => ({
  key: `${by} ${at}`,
  kind: "message",
  by: { kind: by === "visitor" ? "visitor" : "agent", id: by } as Message["by"],
  text: "words",
  at: minutes(at),
  mine: by === "visitor",
  mark: "read",
  seq: 1,
  ...more,
});
const happens = (at: number, body: unknown, by = "system"): TimelineRow => ({
  key: `event ${at}`,
  kind: "system",
  at: minutes(at),
  seq: 1,
  event: { ...(body as EventBody), by: { kind: "system", id: by } } as ConversationEvent,
});
const joins = (at: number) =>
  happens(at, { kind: "assigned", body: { agent: "anna", name: "Anna", units: 100 } });

/** The log in short: what a reader would see, one line each. */
const read = (...rows: TimelineRow[]) =>
  layout(rows, noon, words).map((item) => {
    if (item.kind === "day") return `-- ${item.label}`;
    if (item.kind === "line") return `* ${item.text}`;
    const { name, named, first, last, footed } = item;
    const marks = [named && "named", first && "first", last && "last", footed && "footed"];
    return `${name}: ${marks.filter(Boolean).join(" ")}`;
  });

describe("the log", () => {
  it("[W30] groups what one person says within three minutes", () => {
    expect(read(says("anna", 0), says("anna", 2), says("anna", 6), says("ben", 7))).toEqual([
      "-- Today",
      "Support: named first",
      "Support: last footed",
      "Support: first last footed",
      "Support: named first last footed",
    ]);
  });

  it("[W30] starts each day with its name", () => {
    expect(read(says("visitor", -24 * 60), says("visitor", 0))).toEqual([
      "-- Yesterday",
      "You: named first last footed",
      "-- Today",
      "You: first last footed",
    ]);
  });

  it("[W30] calls agents what they were called when they joined", () => {
    expect(read(says("visitor", 0), joins(1), says("anna", 2))).toEqual([
      "-- Today",
      "You: named first last footed",
      "* Anna joined the chat",
      "Anna: named first last footed",
    ]);
  });

  it("[W30] shows what opening a chat led to below the message it was opened with", () => {
    const parked = happens(0, { kind: "parked", body: { why: "unattended" } });
    expect(read(parked, says("visitor", 0), says("visitor", 1))).toEqual([
      "-- Today",
      "You: named first last footed",
      "* Nobody is here right now. Your message is kept and we answer here.",
      "You: named first last footed",
    ]);
  });

  it("[W30] shows marks where they change, and always what failed", () => {
    const rows = [
      says("visitor", 0, { mark: "read" }),
      says("visitor", 0.1, { mark: "delivered" }),
      says("visitor", 0.2, { mark: "delivered" }),
      says("visitor", 0.3, { mark: "failed" }),
      says("visitor", 0.4, { mark: "failed" }),
    ];
    expect(read(...rows).map((line) => line.includes("footed"))).toEqual([
      false,
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it("[W31] says in words what happened to the chat, and nothing about what the screen shows anyway", () => {
    const queued = (why: string) => ({ kind: "queued", body: { queueName: "Orders", why } });
    const lines = (body: unknown, by?: string) =>
      read(says("visitor", 0), joins(0.5), happens(1, body, by)).slice(3);
    expect(lines(queued("started"))).toEqual([]);
    expect(lines(queued("transfer"))).toEqual(["* You are being passed on to Orders"]);
    expect(lines(queued("agentGone"))).toEqual([`* ${en["line.agentGone"]}`]);
    expect(lines({ kind: "parked", body: { why: "snooze" } })).toEqual([`* ${en["line.snoozed"]}`]);
    expect(lines({ kind: "closed", body: { reason: "agent" } }, "anna")).toEqual([
      "* The chat was ended by Anna",
    ]);
    expect(lines({ kind: "closed", body: { reason: "agent" } })).toEqual(["* We ended the chat"]);
    expect(lines({ kind: "closed", body: { reason: "visitor" } })).toEqual([
      "* You ended the chat",
    ]);
    // From a later version of the server.
    expect(lines({ kind: "rated", body: {} })).toEqual([]);
  });
});
