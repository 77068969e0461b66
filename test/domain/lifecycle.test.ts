import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { applyAll } from "#shared/domain/apply.ts";
import { lifecycle, type Status } from "#shared/model/conversation.ts";
import { minutes } from "#shared/model/time.ts";
import { anna, ben, Story, specialists, text } from "./story.ts";

/** Everything anybody can do, in any order, sensible or not. */
const steps: Record<string, (story: Story) => unknown> = {
  start: (story) => story.visitor({ kind: "start" }),
  visitorSays: (story) => story.visitor({ kind: "say", content: text("hello") }),
  visitorEnds: (story) => story.visitor({ kind: "end" }),
  assignAnna: (story) => story.state && story.assign(anna),
  assignBen: (story) => story.state && story.assign(ben),
  wake: (story) => story.state && story.system({ kind: "wake" }),
  requeue: (story) => story.state && story.system({ kind: "requeue", agent: anna }),
  abandon: (story) => story.state && story.system({ kind: "abandon", seq: story.state.seq }),
  agentSays: (story) => story.state && story.agent({ kind: "say", content: text("hi") }),
  benSays: (story) => story.state && story.agent({ kind: "say", content: text("hi") }, ben),
  note: (story) => story.state && story.agent({ kind: "note", text: "note" }),
  transfer: (story) =>
    story.state && story.agent({ kind: "transfer", queue: specialists, note: "n" }),
  close: (story) => story.state && story.agent({ kind: "close" }),
  stale: (story) => story.state && story.agent({ kind: "close", fence: 0 }),
  leave: (story) => (story.staffed = false),
  come: (story) => (story.staffed = true),
  later: (story) => (story.now += minutes(7)),
  muchLater: (story) => (story.now += minutes(60 * 30)),
  clockBack: (story) => (story.now -= minutes(3)),
};

const play = (names: readonly string[], after: (story: Story, before: Status | null) => void) => {
  const story = new Story();
  for (const name of names) {
    const before = story.state?.status ?? null;
    steps[name]?.(story);
    after(story, before);
  }
  return story;
};

const sequences = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 5, maxLength: 60 });

test.prop([sequences], { numRuns: 500 })(
  "[L1] every change of status is a move of the lifecycle table",
  (names) => {
    play(names, (story, before) => {
      const after = story.state?.status ?? null;
      if (before === null || after === before || after === null) return;
      expect(Object.values(lifecycle[before])).toContain(after);
    });
  },
);

test.prop([sequences], { numRuns: 500 })(
  "[L2] the log is dense, monotone in time, and folds to the state",
  (names) => {
    const { events, state } = play(names, () => undefined);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    for (const [index, event] of events.entries()) {
      const previous = events[index - 1];
      if (!previous) continue;
      expect(event.at).toBeGreaterThanOrEqual(previous.at);
      expect(event.fence - previous.fence).toBeOneOf([0, 1]);
      expect(event.leg - previous.leg).toBeOneOf([0, 1]);
    }
    expect(applyAll(null, events)).toEqual(state);
  },
);

test.prop([sequences], { numRuns: 500 })(
  "[L3] the fence moves exactly when owner, queue or status change",
  (names) => {
    const { events } = play(names, () => undefined);
    let before = null as ReturnType<typeof applyAll>;
    for (const event of events) {
      const after = applyAll(before, [event]);
      if (!after) throw new Error("no state after an event");
      // The birth itself is not a move: the queued or parked event of the same commit is.
      if (before && event.kind !== "started") {
        const facts = (c: typeof after) => [
          c.status,
          c.queue,
          c.status === "assigned" ? c.agent : null,
        ];
        const changed = JSON.stringify(facts(before)) !== JSON.stringify(facts(after));
        if (changed) expect(after.fence).toBe(before.fence + 1);
        if (["message", "note"].includes(event.kind)) expect(after.fence).toBe(before.fence);
      }
      before = after;
    }
  },
);

test.prop([sequences], { numRuns: 500 })(
  "[L4] slots and the open place are given exactly as often as taken",
  (names) => {
    const { changes, state } = play(names, () => undefined);
    const held = new Set<string>();
    let open = false;
    for (const change of changes) {
      for (const { agent, slot } of change.slots) {
        expect(held.has(agent)).toBe(slot === null);
        if (slot) held.add(agent);
        else held.delete(agent);
      }
      if (change.open) {
        expect(open).toBe(change.open === "release");
        open = change.open === "claim";
      }
    }
    expect([...held]).toEqual(state?.status === "assigned" ? [state.agent] : []);
    expect(open).toBe(state !== null && state.status !== "closed");
  },
);
