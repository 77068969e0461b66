import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { reopenWindow } from "#shared/model/conversation.ts";
import { hours, minutes } from "#shared/model/time.ts";
import { anna, ben, frontLine, id, Story, specialists, stranger, text } from "./story.ts";

const kinds = (result: unknown) =>
  Array.isArray(result) ? result.map((event: { kind: string }) => event.kind) : result;
const say = { kind: "say", content: text("Hello") };

function waiting(): Story {
  const story = new Story();
  story.visitor({ kind: "start", name: "Maria" });
  story.visitor(say);
  return story;
}

function answered(): Story {
  const story = waiting();
  story.assign();
  return story;
}

describe("a visitor who waits and is gone", () => {
  const gone = (story: Story) => story.system({ kind: "abandon", seq: story.open.seq });

  it("[DC14] leaves what they wrote as a message; the next one brings it back with its age", () => {
    const story = waiting();
    story.now += minutes(31);
    expect(kinds(gone(story))).toEqual(["parked"]);
    expect(story.open).toMatchObject({ status: "parked", why: "visitorAway", wakeAt: null });
    expect(story.changes.at(-1)?.open).toBeNull();
    story.now += hours(2);
    expect(kinds(story.visitor(say))).toEqual(["message", "queued"]);
    expect(story.open).toMatchObject({ status: "queued", queue: frontLine, queuedAt: 1_000_000 });
    expect(story.events.at(-1)).toMatchObject({ kind: "queued", body: { why: "woken" } });
  });

  it("[DC14] waits for people when they are back and nobody is there", () => {
    const story = waiting();
    gone(story);
    story.staffed = false;
    expect(kinds(story.visitor(say))).toEqual(["message", "parked"]);
    expect(story.open).toMatchObject({ status: "parked", why: "unattended" });
    expect(kinds(story.system({ kind: "wake" }))).toEqual(["queued"]);
    expect(story.open).toMatchObject({ queuedAt: 1_000_000 });
  });

  it("[DC14] who left nothing unanswered has ended it", () => {
    const story = new Story();
    story.visitor({ kind: "start" });
    expect(kinds(gone(story))).toEqual(["closed"]);
    expect(story.open).toMatchObject({ status: "closed", reason: "abandoned" });
    expect(story.changes.at(-1)?.open).toBe("release");
  });

  it("[DC14] wrote meanwhile, or is with an agent: nothing happens", () => {
    const story = waiting();
    const seen = story.open.seq;
    story.visitor(say);
    expect(story.system({ kind: "abandon", seq: seen })).toMatchObject({ code: "fenced" });
    story.assign();
    expect(gone(story)).toMatchObject({ code: "fenced" });
    expect(story.open).toMatchObject({ status: "assigned", agent: anna });
  });
});

describe("a visitor starts", () => {
  it("[DC1] enters the queue of the site when somebody is there", () => {
    const story = new Story();
    expect(kinds(story.visitor({ kind: "start", name: "Maria" }))).toEqual(["started", "queued"]);
    expect(story.open).toMatchObject({
      status: "queued",
      queue: frontLine,
      leg: 1,
      fence: 1,
      name: "Maria",
    });
    expect(story.changes[0]).toMatchObject({ expectedSeq: 0, open: "claim", slots: [] });
  });

  it("[DC2] is parked when nobody is there, and what they write waits", () => {
    const story = new Story();
    story.staffed = false;
    expect(kinds(story.visitor({ kind: "start" }))).toEqual(["started", "parked"]);
    expect(kinds(story.visitor(say))).toEqual(["message"]);
    expect(story.open).toMatchObject({ status: "parked", why: "unattended", wakeAt: null });
  });

  it("[DC3] again on the same conversation: nothing new is made", () => {
    const story = waiting();
    expect(story.visitor({ kind: "start" })).toBe("already");
  });

  it("[DC4] with an unknown queue is refused by path", () => {
    expect(new Story().visitor({ kind: "start", queue: id(99) })).toMatchObject({
      code: "invalid",
      path: "queue",
    });
  });
});

describe("waking what nobody attended", () => {
  it("[DC5] counts the wait from the oldest unanswered message", () => {
    const story = new Story();
    story.staffed = false;
    story.visitor({ kind: "start" });
    story.now += minutes(1);
    story.visitor(say);
    story.now += hours(9);
    expect(kinds(story.system({ kind: "wake" }))).toEqual(["queued"]);
    expect(story.open).toMatchObject({ status: "queued", queuedAt: 1_000_000 + minutes(1) });
  });

  it("[DC5] a message sent when somebody is there again wakes it in the same commit", () => {
    const story = new Story();
    story.staffed = false;
    story.visitor({ kind: "start" });
    story.staffed = true;
    expect(kinds(story.visitor(say))).toEqual(["message", "queued"]);
  });

  it("[DC5] an old fence wakes nothing", () => {
    const story = new Story();
    story.staffed = false;
    story.visitor({ kind: "start" });
    expect(story.system({ kind: "wake", fence: 99 })).toMatchObject({ code: "fenced" });
  });
});

describe("an assignment", () => {
  it("[DC6] takes a slot, moves the fence and carries its reason", () => {
    const story = waiting();
    const fence = story.open.fence;
    const [event] = story.assign() as { because: unknown; body: unknown }[];
    expect(event?.because).not.toBeNull();
    expect(story.open).toMatchObject({ status: "assigned", agent: anna, fence: fence + 1, leg: 1 });
    expect(story.changes.at(-1)?.slots).toEqual([
      { agent: anna, slot: { units: 100, kind: "active", until: null } },
    ]);
  });

  it("[DC6] of a chat that moved meanwhile is refused", () => {
    const story = answered();
    expect(story.assign(ben)).toMatchObject({ code: "fenced" });
  });
});

describe("an agent answers", () => {
  it("[DC7] only their own chat, under its current fence", () => {
    const story = answered();
    expect(story.agent(say, ben)).toMatchObject({ code: "forbidden" });
    expect(story.agent({ ...say, fence: story.open.fence - 1 })).toMatchObject({ code: "fenced" });
    expect(kinds(story.agent(say))).toEqual(["message"]);
    expect(story.open.unansweredSince).toBeNull();
  });

  it("[DC8] may leave a note on any chat, and the fence stays", () => {
    const story = answered();
    const { fence, head } = story.open;
    expect(kinds(story.agent({ kind: "note", text: "VIP" }, ben))).toEqual(["note"]);
    expect(story.open).toMatchObject({ fence, head });
  });

  it("[DC9] transfers with a note: age is kept, the slot is given back, a new leg starts", () => {
    const story = answered();
    const { queuedAt, leg } = story.open;
    story.now += minutes(20);
    expect(
      kinds(story.agent({ kind: "transfer", queue: specialists, note: "Knows the invoice" })),
    ).toEqual(["note", "queued"]);
    expect(story.open).toMatchObject({
      status: "queued",
      queue: specialists,
      queuedAt,
      leg: leg + 1,
    });
    expect(story.changes.at(-1)?.slots).toEqual([{ agent: anna, slot: null }]);
  });

  it("[DC9] can't transfer to a queue that isn't there", () => {
    expect(answered().agent({ kind: "transfer", queue: id(99) })).toMatchObject({
      code: "invalid",
      path: "queue",
    });
  });
});

describe("a chat ends", () => {
  it("[DC10] by either side: slot and the visitor's open place are given back", () => {
    for (const end of [
      (s: Story) => s.visitor({ kind: "end" }),
      (s: Story) => s.agent({ kind: "close" }),
    ]) {
      const story = answered();
      expect(kinds(end(story))).toEqual(["closed"]);
      expect(story.changes.at(-1)).toMatchObject({
        open: "release",
        slots: [{ agent: anna, slot: null }],
      });
      expect(story.visitor({ kind: "end" })).toMatchObject({ code: "closed" });
      expect(story.agent(say)).toMatchObject({ code: "closed" });
    }
  });

  it("[DC11] a message within the window reopens it in a new leg", () => {
    const story = answered();
    story.visitor({ kind: "end" });
    story.now += reopenWindow;
    const { leg } = story.open;
    expect(kinds(story.visitor(say))).toEqual(["message", "queued"]);
    expect(story.open).toMatchObject({ status: "queued", leg: leg + 1, queuedAt: story.now });
    expect(story.changes.at(-1)?.open).toBe("claim");
  });

  it("[DC11] later the visitor is asked to start a new one", () => {
    const story = answered();
    story.visitor({ kind: "end" });
    story.now += reopenWindow + 1;
    expect(story.visitor(say)).toMatchObject({ code: "closed", startNew: true });
    expect(story.visitor({ kind: "start" })).toMatchObject({ code: "closed", startNew: true });
  });
});

describe("strangers", () => {
  it("[DC12] see no difference between a foreign conversation and none", () => {
    const story = answered();
    for (const command of [say, { kind: "end" }, { kind: "start" }]) {
      expect(story.visitor(command, stranger)).toMatchObject({ code: "not_found" });
    }
    expect(new Story().visitor(say)).toMatchObject({ code: "not_found" });
  });

  it("[L2] a clock that runs behind doesn't reorder time", () => {
    const story = waiting();
    story.now -= hours(1);
    story.visitor(say);
    const times = story.events.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

describe("what a commit changes", () => {
  it("[DC13] is derived from before and after: slot, open place, and nothing for a mere message", () => {
    const story = answered();
    story.visitor(say);
    expect(story.changes.at(-1)).toMatchObject({ slots: [], open: null, due: [] });
  });

  it("[DC13] is only the counters exactly when all else is as before", () => {
    const story = answered();
    story.visitor(say);
    story.agent({ kind: "note", text: "Hm" });
    story.agent({ kind: "close" });
    story.visitor(say);
    for (const [command, { onlyCounters, conversation, events }] of story.changes.entries()) {
      const before = command > 0 ? story.changes[command - 1]?.conversation : null;
      const { seq, at, head, unansweredSince } = conversation;
      const counted = before && { ...before, seq, at, head, unansweredSince };
      expect(onlyCounters, events[0]?.kind).toBe(isDeepStrictEqual(counted, conversation));
    }
    expect(story.changes.map(({ onlyCounters }) => onlyCounters)).toEqual([
      false,
      true,
      false,
      true,
      true,
      false,
      false,
    ]);
  });
});
