import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { log, type Side } from "#shared/client/log.ts";
import { timeline } from "#shared/client/timeline.ts";
import { applyAll } from "#shared/domain/apply.ts";
import { seen, visible } from "#shared/domain/visible.ts";
import type { VisitorId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import { history } from "../shared/support/history.ts";

const sides: readonly Side[] = ["visitor", "agent"];
const shown = (side: Side, events: readonly ConversationEvent[]) =>
  events.flatMap((event) => visible(side, event) ?? []);

/** An event of a kind this version has never heard of, in the place of a message. */
const newer = (event: ConversationEvent): ConversationEvent =>
  event.kind === "message"
    ? ({ ...event, kind: "reaction", body: { emoji: "👍" } } as unknown as ConversationEvent)
    : event;

describe("A conversation's log", () => {
  test.prop([history, fc.infiniteStream(fc.nat()), fc.constantFrom(...sides)])(
    "[C1] is the same whatever order and number of times its events come in",
    (events, order, side) => {
      const all = shown(side, events);
      const shuffled = [...all, ...all]
        .map((event) => ({ event, at: order.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ event }) => event);
      const { receive, ...kept } = log(side);
      let missing = false;
      for (const event of shuffled) missing = receive([event]);
      expect(missing).toBe(false);
      expect(kept.events.value).toEqual(all);
      const whole = applyAll(null, events);
      expect(kept.conversation.value).toEqual(whole && seen(side, whole));
    },
  );

  test.prop([history, fc.nat(), fc.constantFrom(...sides)])(
    "[C1] says that something is missing exactly when it is, and takes a page for it",
    (events, at, side) => {
      const all = shown(side, events);
      const gap = at % all.length;
      const kept = log(side);
      kept.receive(all.slice(0, gap));
      expect(kept.receive(all.slice(gap + 1))).toBe(gap < all.length - 1);
      expect(kept.events.value).toEqual(all.slice(0, gap));
      kept.page(all.slice(gap, gap + 1));
      expect(kept.events.value).toEqual(all);
    },
  );

  test.prop([history, fc.constantFrom(...sides)])(
    "[C2] moves on with events of a kind it doesn't know and shows nothing of them",
    (events, side) => {
      const all = shown(side, events).map(newer);
      const kept = log(side);
      expect(kept.receive(all)).toBe(false);
      expect(kept.last()).toBe(all.at(-1)?.seq);
      const cursors = {
        visitor: { delivered: 0, read: 0 },
        agent: { delivered: 0, read: 0 },
      };
      const me = { kind: "visitor", id: "v" as VisitorId } as const;
      const unkept = new Set<string>();
      const rows = timeline()({ events: kept.events.value, entries: [], unkept, cursors, me });
      expect(rows.filter(({ kind }) => kind === "message")).toEqual([]);
    },
  );

  it("[C1] holds no more than 500 events it can't place yet", () => {
    const [begin] = fc.sample(history, { numRuns: 1, seed: 1 })[0] as [ConversationEvent];
    const far = Array.from({ length: 5_000 }, (_, n) => ({ ...begin, seq: n + 3, prev: n + 2 }));
    const kept = log("agent");
    expect(kept.receive([begin])).toBe(false);
    expect(kept.receive(far)).toBe(true);
    kept.page([{ ...begin, seq: 2, prev: 1 }]);
    expect(kept.last()).toBe(502);
  });
});
