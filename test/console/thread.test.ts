import { describe, expect, it } from "vitest";
import { account, chat, colleagues, now } from "#console/gallery/cast.ts";
import { script } from "#console/gallery/script.ts";
import { blocks, groupSpan, sameBlock } from "#console/thread/blocks.ts";
import { standingOf } from "#console/thread/standing.ts";
import { shortPage, systemText } from "#console/thread/systemText.ts";
import { en } from "#shared/text/console/en.ts";
import { moments } from "#shared/text/moments.ts";
import { translator } from "#shared/text/translator.ts";

const locale = "en";
const speech = {
  language: "en",
  locale,
  t: translator<typeof en>(locale, en),
  moments: moments(locale, "Europe/Warsaw"),
} as const;
const { sameDay } = speech.moments;
const { conversation } = chat({ n: 1, name: "Anna" });
const kinds = (rows: Parameters<typeof blocks>[0]) =>
  blocks(rows, sameDay).map((block) =>
    block.kind === "messages" ? block.rows.length : block.kind,
  );

describe("The timeline", () => {
  it("[AC15] lets messages of one sender stand together for three minutes each", () => {
    const span = groupSpan / 1_000;
    const { rows } = script(conversation)
      .visitor(span * 3, "one")
      .visitor(span * 2, "two")
      .visitor(span - 1, "three")
      .agent(60, "four")
      .agent(50, "five")
      .visitor(40, "six");
    expect(kinds(rows)).toEqual(["day", 2, 1, 2, 1]);
  });

  it("[AC15] breaks a run at notes, system lines and other people", () => {
    const { rows } = script(conversation)
      .agent(50, "one")
      .note(45, "psst")
      .agent(40, "two")
      .assigned(30)
      .agent(20, "three");
    expect(kinds(rows)).toEqual(["day", 1, "note", 1, "system", 1]);
  });

  it("[AC15] names each day once, in the reader's zone", () => {
    const { rows } = script(conversation)
      .visitor(86_400, "yesterday")
      .visitor(86_399, "yesterday")
      .visitor(5, "today");
    expect(kinds(rows)).toEqual(["day", 2, "day", 1]);
    // 22:30 and 23:30 UTC are two days in Warsaw and one in London.
    const late = Date.UTC(2026, 5, 1, 21, 30);
    const ago = (at: number) => (now - at) / 1_000;
    const night = script(conversation)
      .visitor(ago(late), "a")
      .visitor(ago(late + 3_600_000), "b");
    const days = (zone: string) =>
      blocks(night.rows, moments("en", zone).sameDay).filter(({ kind }) => kind === "day").length;
    expect([days("Europe/Warsaw"), days("UTC")]).toEqual([2, 1]);
  });

  it("[AC15] tells the one block that changed from all the others", () => {
    const made = script(conversation)
      .started(50)
      .visitor(40, "one")
      .note(35, "psst")
      .agent(30, "a");
    const before = blocks([...made.rows], sameDay);
    const after = blocks(made.agent(20, "b").rows, sameDay);
    expect(after.map((block, at) => sameBlock(block, before[at] ?? block))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it("[AC15] keeps the keys of what is already drawn when a line comes", () => {
    const made = script(conversation).started(50).visitor(40, "one");
    const before = blocks([...made.rows], sameDay).map(({ key }) => key);
    const after = blocks(made.visitor(30, "two").rows, sameDay).map(({ key }) => key);
    expect(after).toEqual(before);
  });
});

describe("Where a chat stands", () => {
  const standing = (of: Parameters<typeof chat>[0], rows = script(conversation).rows) =>
    standingOf(chat(of).conversation, account.id, rows).kind;

  it("[AC16] is mine only while it is assigned to me", () => {
    expect(standing({ n: 1 })).toBe("mine");
    expect(standing({ n: 1, held: { agent: 2 } })).toBe("other");
    expect(standing({ n: 1, held: { status: "queued" } })).toBe("waiting");
    expect(standing({ n: 1, held: { status: "parked" } })).toBe("parked");
    expect(standing({ n: 1, held: { status: "closed" } })).toBe("closed");
  });

  it("[AC16] is transferred when it left me for a queue, and only then", () => {
    const queued = { n: 1, held: { status: "queued" } } as const;
    const mine = script(conversation).queued(90, "started").assigned(80);
    expect(standing(queued, [...mine.rows])).toBe("waiting");
    expect(standing(queued, mine.queued(70, "transfer").rows)).toBe("transferred");
    const others = script(conversation).assigned(80, colleagues[1]).queued(70, "transfer");
    expect(standing(queued, others.rows)).toBe("waiting");
  });
});

describe("System lines", () => {
  const names = {
    visitor: "Anna",
    me: account.id,
    nameOf: (id: string) => colleagues.find((one) => one.id === id)?.name ?? null,
  };
  const lines = (made: ReturnType<typeof script>) =>
    made.rows.flatMap((row) =>
      row.kind === "system" ? [systemText(row.event, names, speech)] : [],
    );

  it("[AC17] say who did what", () => {
    const other = colleagues[1] ?? account;
    const made = script(conversation)
      .started(90)
      .queued(90, "started")
      .assigned(80)
      .queued(70, "transfer", { kind: "agent", id: account.id })
      .assigned(60, other)
      .queued(50, "transfer", { kind: "agent", id: other.id })
      .queued(40, "transfer")
      .happened(30, { kind: "closed", body: { reason: "abandoned" } });
    expect(lines(made)).toEqual([
      "Anna started the chat on shop.example.com/cart",
      "Queued in Sales",
      "Assigned to you",
      "You transferred the chat to Sales",
      "Assigned to Piotr Nowak",
      "Piotr Nowak transferred the chat to Sales",
      "Transferred to Sales",
      "The visitor left without an answer, so the chat was closed",
    ]);
  });

  it("[AC17] admit what a newer server knows and this page does not", () => {
    const row = script(conversation).started(1).rows[0];
    if (row?.kind !== "system") throw new Error("not a system line");
    const unknown = { ...row.event, kind: "teleported", body: {} } as never;
    expect(systemText(unknown, names, speech)).toBe(en["event.unknown"]);
  });

  it.each([
    ["https://shop.example.com/", "shop.example.com"],
    ["https://shop.example.com/a/b?token=1#x", "shop.example.com/a/b"],
    ["javascript:alert(1)", "javascript:alert(1)"],
    ["", null],
  ])("[AC17] show of the page %j what a person recognises", (page, shown) => {
    expect(shortPage(page)).toBe(shown);
  });
});
