import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { chat, now } from "#console/gallery/cast.ts";
import { hold, release } from "#console/inbox/hold.ts";
import { orderMine } from "#console/inbox/order.ts";
import { shortId } from "#console/inbox/shortId.ts";
import { slice } from "#console/inbox/slice.ts";
import { stepOf } from "#console/inbox/step.ts";
import { queuedSince, turnOf, waitingSince } from "#console/inbox/turn.ts";
import { matches } from "#console/ui/matches.ts";
import { idsOf, ours, theirs } from "./rows.ts";

describe("Whose turn it is", () => {
  it("[AC1] is ours while the visitor waits for an answer, counted from the oldest unanswered message", () => {
    const row = chat({ n: 1, unanswered: 90, said: ["visitor", "Still there?", 20] });
    expect(turnOf(row)).toBe("ours");
    expect(waitingSince(row)).toBe(now - 90_000);
  });

  it("[AC1] is the visitor's once we answered", () => {
    expect(turnOf(theirs(1, 20))).toBe("theirs");
    expect(waitingSince(theirs(1, 20))).toBe(now - 20_000);
  });

  it("[AC1] is ours in a chat in which nobody has written yet", () => {
    const row = chat({ n: 1, started: 12, said: null });
    expect(turnOf(row)).toBe("ours");
    expect(waitingSince(row)).toBe(now - 12_000);
  });

  it("[AC1] is ours in a chat that came to us after its last message, though a colleague answered", () => {
    // The gallery's chats come to their agent forty seconds after they start.
    const row = chat({ n: 1, started: 600, said: ["agent", "I’ll ask our lead.", 590] });
    expect(turnOf(row)).toBe("ours");
    expect(waitingSince(row)).toBe(now - 560_000);
  });

  it("[AC1] is nobody's in a closed chat", () => {
    expect(turnOf(chat({ n: 1, said: null, held: { status: "closed" } }))).toBe("theirs");
  });

  it("[AC1] counts a waiting chat from whichever is older, the queue or the unanswered message", () => {
    const { conversation, ...rest } = chat({ n: 1, started: 50, held: { status: "queued" } });
    expect(queuedSince({ conversation, ...rest })).toBe(now - 50_000);
    const asked = { ...conversation, unansweredSince: now - 80_000 };
    expect(queuedSince({ conversation: asked, ...rest })).toBe(now - 80_000);
  });
});

describe("The order of my chats", () => {
  it("[AC2] puts who waits longest first, then the chats that moved last", () => {
    const rows = [theirs(1, 500), ours(2, 30), theirs(3, 10), ours(4, 900)];
    expect(idsOf(orderMine(rows))).toEqual(
      idsOf([ours(4, 900), ours(2, 30), theirs(3, 10), theirs(1, 500)]),
    );
  });

  test.prop([fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 5 })), { maxLength: 12 })])(
    "[AC2] does not depend on the order rows came in",
    (made) => {
      const rows = made.map(([mine, ago], n) => (mine ? ours(n, ago) : theirs(n, ago)));
      expect(orderMine([...rows].reverse())).toEqual(orderMine(rows));
    },
  );
});

describe("A list someone aims at", () => {
  const idOf = (row: string) => row.slice(0, 1);

  it("[AC3] keeps its order while rows change, come and go", () => {
    const shown = release(["a1", "b1", "c1"]);
    expect(hold(shown, ["d1", "c2", "a1"], idOf)).toEqual([
      { row: "a1", gone: false },
      { row: "b1", gone: true },
      { row: "c2", gone: false },
      { row: "d1", gone: false },
    ]);
  });

  it("[AC3] welcomes back what had gone, where it stood", () => {
    const once = hold(release(["a1", "b1"]), ["b1"], idOf);
    expect(hold(once, ["b1", "a2"], idOf)).toEqual([
      { row: "a2", gone: false },
      { row: "b1", gone: false },
    ]);
  });

  const rows = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { maxLength: 12 });
  test.prop([rows, rows])("[AC3] never moves a row and loses none", (before, after) => {
    const held = hold(release(before), after, String);
    expect(held.slice(0, before.length).map(({ row }) => row)).toEqual(before);
    expect(new Set(held.filter(({ gone }) => !gone).map(({ row }) => row))).toEqual(new Set(after));
  });
});

describe("A long list", () => {
  test.prop([
    fc.integer({ min: 0, max: 2_000 }),
    fc.constantFrom(40, 56),
    fc.integer({ min: 0, max: 120_000 }),
    fc.integer({ min: 0, max: 2_000 }),
  ])("[AC4] draws all that can be seen and little more", (count, height, scrolled, room) => {
    const { first, end } = slice(count, height, scrolled, room);
    const seen = (index: number) => {
      const top = index * height - scrolled;
      return top + height > 0 && top < room;
    };
    for (let index = 0; index < count; index += 1) {
      if (seen(index)) expect(index >= first && index < end).toBe(true);
    }
    expect(end - first).toBeLessThanOrEqual(Math.ceil(room / height) + 18);
  });
});

describe("What tells visitors and chats apart", () => {
  it("[AC5] names the priority's step", () => {
    expect([0, 19, 20, 49, 50, 79, 80, 100].map(stepOf)).toEqual([
      "low",
      "low",
      "normal",
      "normal",
      "high",
      "high",
      "urgent",
      "urgent",
    ]);
  });

  it("[AC5] takes the random end of an id, not its time", () => {
    expect(shortId("0195a3c4-0000-7000-8000-00000000beef")).toBe("beef");
  });

  it("[AC5] finds names without their diacritics, and by several words", () => {
    expect(matches("lodz", ["Łódź"])).toBe(true);
    expect(matches("kowal bil", ["Anna Kowalska", null, "Billing"])).toBe(true);
    expect(matches("kowal xyz", ["Anna Kowalska", "Billing"])).toBe(false);
    expect(matches("  ", [])).toBe(true);
  });
});
