import { describe, expect, it } from "vitest";
import { absentFor } from "#server/domain/absent.ts";
import { placeOf } from "#server/domain/place.ts";
import { reconcile, type Standing } from "#server/domain/reconcile.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { anna, ben, id, Story, specialists } from "./story.ts";

const step = () => 60;
const standing = (truth: Conversation): Standing => ({
  conversation: truth.id,
  seq: truth.seq,
  place: placeOf(truth, step()),
});

/** A chat of its own, waiting; `then` moves it on. */
function chat(n: number, then: (story: Story) => void = () => {}): Conversation {
  const story = new Story();
  story.visitor({ kind: "start" });
  then(story);
  return { ...story.open, id: id<ConversationId>(1_000 + n) };
}
const assignedTo = (agent: typeof anna) => (story: Story) => void story.assign(agent);
const drifts = (open: Conversation[], floor: Standing[]) =>
  reconcile(open, floor, step).map(({ conversation, drift, place }) => [
    conversation,
    drift,
    place.at,
  ]);

describe("the floor held against SQL", () => {
  const waiting = chat(1);
  const held = chat(2, assignedTo(anna));
  const parked = chat(3);

  it("[RC1] finds nothing where both say the same, however often people wrote meanwhile", () => {
    const floor = [standing(waiting), standing(held)];
    expect(drifts([waiting, held], floor)).toEqual([]);
    expect(
      drifts(
        [
          { ...waiting, seq: 90 },
          { ...held, seq: 91 },
        ],
        floor,
      ),
    ).toEqual([]);
  });

  it("[RC1] finds what is missing, and leaves alone what belongs nowhere", () => {
    const left = { ...parked, status: "parked", why: "unattended", wakeAt: null } as Conversation;
    expect(drifts([waiting, held, left], [])).toEqual([
      [waiting.id, "missing", "queue"],
      [held.id, "missing", "agent"],
    ]);
  });

  it("[RC1] finds ghosts: closed, parked or unknown to SQL", () => {
    const left = { ...held, status: "parked", why: "unattended", wakeAt: null } as Conversation;
    expect(drifts([left], [standing(waiting), standing(held)])).toEqual([
      [held.id, "ghost", "nowhere"],
      [waiting.id, "ghost", "nowhere"],
    ]);
  });

  it("[RC1] finds who stands in a wrong place, and who stands wrongly in the right one", () => {
    const elsewhere = {
      ...standing(waiting),
      place: { ...standing(waiting).place, queue: specialists },
    };
    const other = { ...standing(held), place: { ...standing(held).place, agent: ben } };
    const taken = { ...standing(waiting), place: standing(held).place };
    expect(drifts([waiting, held], [elsewhere as Standing, other as Standing])).toEqual([
      [waiting.id, "misplaced", "queue"],
      [held.id, "misplaced", "agent"],
    ]);
    expect(drifts([waiting], [taken])).toEqual([[waiting.id, "misplaced", "queue"]]);
    const late = { ...standing(waiting), place: { ...standing(waiting).place, score: 5 } };
    const heavy = { ...standing(held), place: { ...standing(held).place, units: 7 } };
    expect(drifts([waiting, held], [late as Standing, heavy as Standing])).toEqual([
      [waiting.id, "misranked", "queue"],
      [held.id, "misranked", "agent"],
    ]);
  });

  it("[RC1] says so when the floor is ahead, which only an older SQL can be the cause of", () => {
    const [repair] = reconcile([waiting], [{ ...standing(waiting), seq: 99 }], step);
    expect(repair?.drift).toBe("ahead");
  });
});

describe("an agent who is gone", () => {
  it("[RC5] gives its chat back to the queue: age and priority kept, a new leg, a moved fence", () => {
    const story = new Story();
    story.visitor({ kind: "start" });
    const queuedAt = story.open.queuedAt;
    story.now += 5_000;
    story.assign(anna);
    const { fence, leg } = story.open;
    story.now += 90_000;
    // Nobody else is there either: whoever waited goes on waiting.
    story.staffed = false;
    const events = story.system({ kind: "requeue", agent: anna });
    expect(events).toMatchObject([
      { kind: "queued", fence: fence + 1, leg: leg + 1, body: { why: "agentGone", queuedAt } },
    ]);
    expect(story.open).toMatchObject({ status: "queued", queuedAt });
    expect(story.changes.at(-1)?.slots).toEqual([{ agent: anna, slot: null }]);
  });

  it("[RC5] loses nothing that moved on meanwhile", () => {
    const story = new Story();
    story.visitor({ kind: "start" });
    expect(story.system({ kind: "requeue", agent: anna })).toMatchObject({ code: "fenced" });
    story.assign(anna);
    const { fence } = story.open;
    expect(story.system({ kind: "requeue", agent: ben })).toMatchObject({ code: "fenced" });
    expect(story.system({ kind: "requeue", agent: anna, fence: fence - 1 })).toMatchObject({
      code: "fenced",
    });
    story.agent({ kind: "close" });
    expect(story.system({ kind: "requeue", agent: anna })).toMatchObject({ code: "fenced" });
  });

  it("[RC6] counts from the newest of last sign of life, Desk and watch: unknown is not expired", () => {
    const ages = { silentFor: 70_000, knownFor: 1_000_000, watchedFor: 2_000_000 };
    expect(absentFor(ages)).toBe(70_000);
    expect(absentFor({ ...ages, knownFor: 3_000 })).toBe(3_000);
    expect(absentFor({ ...ages, watchedFor: 10 })).toBe(10);
    expect(absentFor({ ...ages, silentFor: null })).toBe(1_000_000);
    expect(absentFor({ ...ages, silentFor: null, knownFor: 0 })).toBe(0);
  });
});
