import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { apply, applyAll } from "#shared/domain/apply.ts";
import { seen, visible } from "#shared/domain/visible.ts";
import { type Audience, audienceBit, includes } from "#shared/model/audience.ts";
import {
  type Conversation,
  isOpen,
  lifecycle,
  type Move,
  moved,
  ownerOf,
  type Status,
} from "#shared/model/conversation.ts";
import { priority } from "#shared/model/priority.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import { history, secret } from "./support/history.ts";

const audiences = Object.keys(audienceBit) as Audience[];
const audience = fc.constantFrom(...audiences);
const shown = (who: Audience, events: readonly ConversationEvent[]) =>
  events.flatMap((event) => visible(who, event) ?? []);
const folded = (events: readonly ConversationEvent[]) => applyAll(null, events) as Conversation;

describe("Applying events", () => {
  test.prop([history, audience, fc.nat()])(
    "[A1][V2] leads every audience from its snapshot to the same place as from the beginning",
    (events, who, at) => {
      const cut = 1 + (at % events.length);
      const snapshot = seen(who, folded(events.slice(0, cut)));
      const rest = shown(who, events.slice(cut));
      const whole = seen(who, folded(events));
      expect(applyAll(snapshot, rest)).toEqual(whole);
      expect(applyAll(null, shown(who, events))).toEqual(whole);
    },
  );

  test.prop([history])("[A1] never changes what it is given", (events) => {
    const untouched = structuredClone(events);
    let state: Conversation | null = null;
    // Writing to what is frozen throws.
    for (const event of events) state = Object.freeze(apply(state, Object.freeze(event)));
    expect(events).toEqual(untouched);
  });

  test.prop([history])("[A2] keeps seq dense, time, fence and leg from going back", (events) => {
    const visibleSeqs = [0, ...shown("visitor", events).map(({ seq }) => seq)];
    for (const [index, event] of events.entries()) {
      const before = events[index - 1];
      expect(event.seq).toBe(index + 1);
      expect(event.at).toBeGreaterThanOrEqual(before?.at ?? 0);
      expect(event.fence).toBeGreaterThanOrEqual(before?.fence ?? 0);
      expect(event.leg).toBeGreaterThanOrEqual(before?.leg ?? 0);
      expect(event.prev).toBe(visibleSeqs.findLast((seq) => seq < event.seq));
      const state = folded(events.slice(0, index + 1));
      expect(state).toMatchObject({ seq: event.seq, at: event.at, fence: event.fence });
    }
  });

  test.prop([history])("[A3] holds in each status only what is true of it", (events) => {
    const own = {
      queued: [],
      offered: ["offers"],
      assigned: ["agent", "since"],
      parked: ["why", "wakeAt"],
      closed: ["reason", "closedAt"],
    } satisfies Record<Status, string[]>;
    for (let end = 1; end <= events.length; end++) {
      const state = folded(events.slice(0, end));
      for (const [status, fields] of Object.entries(own)) {
        for (const field of fields) expect(field in state).toBe(status === state.status);
      }
      expect(ownerOf(state) !== null).toBe(state.status === "assigned");
      expect(isOpen(state)).toBe(state.status !== "closed");
    }
  });

  test.prop([history])("[A4] knows since when the visitor waits for an answer", (events) => {
    const state = folded(events);
    const answered = events.findLastIndex(
      (event) => event.kind === "closed" || (event.kind === "message" && event.by.kind === "agent"),
    );
    const waiting = events
      .slice(answered + 1)
      .find((event) => event.kind === "message" && event.by.kind === "visitor");
    expect(state.unansweredSince).toBe(waiting?.at ?? null);
  });

  test.prop([history, fc.nat()])("[A1] skips a kind it doesn't know but moves on", (events, at) => {
    const state = folded(events);
    const unknown = {
      ...(events[at % events.length] as ConversationEvent),
      seq: state.seq + 1,
      kind: "something newer",
      body: {},
    } as unknown as ConversationEvent;
    const { seq, at: time, head, fence, leg, ...same } = state;
    expect(apply(state, unknown)).toMatchObject({ ...same, seq: seq + 1 });
    expect([time, head, fence, leg]).toHaveLength(4);
  });

  it("[A1] refuses a log that doesn't begin at its beginning", () => {
    const [events] = fc.sample(history, { numRuns: 1, seed: 2 }) as [ConversationEvent[]];
    expect(() => apply(null, events[1] as ConversationEvent)).toThrow("no beginning");
  });
});

describe("Who sees what", () => {
  test.prop([history])("[V3] a visitor gets no byte of what is for staff", (events) => {
    const bytes = JSON.stringify([shown("visitor", events), seen("visitor", folded(events))]);
    expect(bytes).not.toContain(secret);
    for (const event of shown("visitor", events)) {
      expect(event.because).toBeNull();
      expect(event.kind).not.toBe("note");
      if (event.kind === "queued" || event.kind === "started") {
        expect(event.body.priority).toBe(priority.normal);
      }
    }
  });

  test.prop([history])(
    "[V1] staff get every event, and all audiences in the same order",
    (events) => {
      expect(shown("agent", events)).toEqual(events);
      expect(shown("supervisor", events)).toEqual(events);
      const seqs = shown("visitor", events).map(({ seq }) => seq);
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    },
  );

  test.prop([history, audience])("[V1] depends on the event alone", (events, who) => {
    for (const event of events) {
      const one = visible(who, event);
      expect(one !== null).toBe(includes(event.audience, who));
      // What was shown once may be shown again: stripping twice is stripping once.
      if (one) expect(visible(who, one)).toEqual(one);
    }
  });

  test.prop([history, audience])("[V2] a snapshot shown twice stays what it is", (events, who) => {
    const once = seen(who, folded(events));
    expect(seen(who, once)).toEqual(once);
  });
});

describe("The lifecycle", () => {
  const statuses = Object.keys(lifecycle) as Status[];
  const moves: Move[] = ["requeue", "offer", "withdraw", "assign", "park", "close"];

  it.each(statuses.flatMap((from) => moves.map((move) => [from, move] as const)))(
    "[L1] knows where %s goes by %s, or that it doesn't",
    (from, move) => {
      const to = moved(from, move);
      if (to !== null) expect(statuses).toContain(to);
      expect(to).toBe((lifecycle[from] as Partial<Record<Move, Status>>)[move] ?? null);
    },
  );

  it("[L5] leads every move to one status, from wherever it is made", () => {
    for (const move of moves) {
      const targets = new Set(statuses.flatMap((from) => moved(from, move) ?? []));
      expect(targets.size, move).toBe(1);
    }
  });

  it("[L6] leaves no status without a way in and a way to the end", () => {
    const reachable = (from: Status): Set<Status> => {
      const found = new Set<Status>([from]);
      for (const status of found) {
        for (const move of moves) {
          const to = moved(status, move);
          if (to) found.add(to);
        }
      }
      return found;
    };
    expect(reachable("parked")).toEqual(new Set(statuses));
    for (const status of statuses) expect(reachable(status)).toContain("closed");
  });

  test.prop([history])("[L1] is what every history follows", (events) => {
    const move: Partial<Record<ConversationEvent["kind"], Move>> = {
      queued: "requeue",
      assigned: "assign",
      parked: "park",
      closed: "close",
    };
    for (const [index, event] of events.entries()) {
      const before = index > 0 ? folded(events.slice(0, index)) : null;
      const by = move[event.kind];
      if (!before || !by) continue;
      expect(moved(before.status, by)).toBe(folded(events.slice(0, index + 1)).status);
    }
  });
});
