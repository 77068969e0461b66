import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { byRank } from "#server/domain/rank.ts";
import { type Desk, DeskUnavailable, type Place, type Reserved } from "#server/ports.ts";
import type { AgentId, ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { Millis } from "#shared/model/time.ts";

/** One store as the suite needs it: two nodes' desks on it, and hands to break it with. */
export type DeskHarness = {
  desk: Desk;
  /** Another node's. */
  other: Desk;
  /** How long these desks remember who left. */
  tombstoneMs: Millis;
  /** Lets the store's time pass. */
  wait(ms: Millis): Promise<void>;
  /** Empties the store, as FLUSHALL or a restart would. */
  empty(): Promise<void>;
  /** Cuts every connection of both desks once; they come back by themselves. */
  cut(): Promise<void>;
  close(): Promise<void>;
};

/** The Desk port's promises (SPEC D1–D26, D50–D53), held against every adapter. */
export function deskContract(name: string, make: () => Promise<DeskHarness>): void {
  describe(`desk on ${name}`, () => {
    let harness: DeskHarness;
    let desk: Desk;
    let other: Desk;
    let w: WorkspaceId;
    let made = 0;

    beforeAll(async () => {
      harness = await make();
      ({ desk, other } = harness);
    });
    afterAll(() => harness?.close());
    beforeEach(async () => {
      made += 1;
      w = `workspace-${made}` as WorkspaceId;
      await ready(w);
    });

    async function ready(workspace: WorkspaceId, epoch = "first") {
      await desk.beginRebuild(workspace, epoch);
      await desk.finishRebuild(workspace, epoch);
    }
    const waitingIds = async (limit = 100) =>
      (await desk.floor(w, limit)).waiting.map((waiting) => waiting.conversation);
    const usedBy = async (id: AgentId) => (await desk.floor(w, 0)).used.get(id) ?? 0;
    const reserve = (
      id: ConversationId,
      seq: number,
      at: AgentId,
      more: { units?: number; capacity?: number; length?: Millis; from?: Desk } = {},
    ): Promise<Reserved> =>
      (more.from ?? desk).reserve(
        w,
        {
          conversation: id,
          seq,
          agent: at,
          units: more.units ?? 100,
          capacity: more.capacity ?? 400,
        },
        more.length ?? 60_000,
      );

    describe("placing", () => {
      it("[D1] shows a waiting chat with all it was placed with", async () => {
        expect(
          await desk.place(
            w,
            c1,
            3,
            queued({ score: -5, queuedAt: 1_800_000_000_123, units: 150 }),
          ),
        ).toBe("placed");
        expect((await other.floor(w, 10)).waiting).toEqual([
          {
            conversation: c1,
            queue: q1,
            score: -5,
            queuedAt: 1_800_000_000_123,
            seq: 3,
            units: 150,
          },
        ]);
      });

      it("[D2] orders by score, then queuedAt, then id, whatever order they were placed in", async () => {
        const all = [
          { id: c4, place: queued({ score: 2, queuedAt: 900, queue: q2 }) },
          { id: c2, place: queued({ score: 2, queuedAt: 1_000 }) },
          { id: c1, place: queued({ score: 2, queuedAt: 1_000, queue: q2 }) },
          { id: c3, place: queued({ score: -10, queuedAt: 99_999 }) },
          { id: c5, place: queued({ score: 1_799_999_999_999, queuedAt: 1 }) },
        ];
        for (const { id, place } of all) await desk.place(w, id, 1, place);
        expect(await waitingIds()).toEqual([c3, c4, c1, c2, c5]);
        expect(await waitingIds(2)).toEqual([c3, c4]);
        expect(await waitingIds(0)).toEqual([]);
      });

      it("[D3] ignores a write older than what is there", async () => {
        await desk.place(w, c1, 5, queued({ queue: q2 }));
        expect(await other.place(w, c1, 4, { at: "agent", agent: a1, units: 100 })).toBe("stale");
        expect(await other.place(w, c1, 4, { at: "nowhere" })).toBe("stale");
        expect((await desk.floor(w, 10)).waiting).toMatchObject([{ queue: q2, seq: 5 }]);
        expect(await usedBy(a1)).toBe(0);
      });

      it("[D4] takes the same write twice as once", async () => {
        for (const at of [queued({}), held(a1, 150)]) {
          await desk.place(w, c1, 6, at);
          expect(await desk.place(w, c1, 6, at)).toBe("placed");
        }
        expect(await usedBy(a1)).toBe(150);
        expect(await waitingIds()).toEqual([]);
      });

      it("[D5] keeps a chat in one place only: queue to queue, to agent, to agent, back", async () => {
        await desk.place(w, c1, 1, queued({ queue: q1 }));
        await desk.place(w, c1, 2, queued({ queue: q2, score: 7 }));
        expect((await desk.floor(w, 10)).waiting).toMatchObject([{ queue: q2, score: 7 }]);
        await desk.place(w, c2, 1, queued({ queue: q1 }));
        expect(await desk.positions(w, [c1, c2])).toEqual([
          { queue: q2, position: 1 },
          { queue: q1, position: 1 },
        ]);
        await desk.place(w, c1, 3, held(a1, 100));
        await desk.place(w, c1, 4, held(a2, 200));
        expect((await desk.floor(w, 10)).used).toEqual(new Map([[a2, 200]]));
        await desk.place(w, c1, 5, queued({ queue: q1, score: 0 }));
        expect((await desk.floor(w, 10)).used).toEqual(new Map());
        expect(await waitingIds()).toEqual([c1, c2]);
      });

      it("[D6] remembers for a while with which seq a chat left, and forgets it then", async () => {
        await desk.place(w, c1, 8, queued({}));
        await desk.place(w, c1, 9, { at: "nowhere" });
        expect(await desk.place(w, c1, 8, queued({}))).toBe("stale");
        expect(await waitingIds()).toEqual([]);
        expect(await desk.place(w, c2, 3, { at: "nowhere" })).toBe("placed");
        expect(await desk.place(w, c2, 2, queued({}))).toBe("stale");
        // Reopened: newer than its leaving.
        expect(await desk.place(w, c1, 10, queued({}))).toBe("placed");
        await harness.wait(harness.tombstoneMs + 20);
        expect(await desk.place(w, c2, 2, queued({}))).toBe("placed");
        expect(await desk.place(w, c1, 9, { at: "nowhere" })).toBe("stale");
      });

      it("[D7] ends at the last seq of every chat, in whatever order and how often writes arrive", async () => {
        await fc.assert(
          fc.asyncProperty(deliveries, async ({ written, delivered }) => {
            made += 1;
            w = `workspace-${made}` as WorkspaceId;
            // Sent at once: the store sees them in this order, several nodes' mixed.
            await Promise.all(
              delivered.map(({ id, seq, place }, i) =>
                (i % 2 ? desk : other).place(w, id, seq, place),
              ),
            );
            const last = new Map<ConversationId, Written>();
            for (const write of written) {
              if ((last.get(write.id)?.seq ?? 0) <= write.seq) last.set(write.id, write);
            }
            const expected = foldedFloor([...last.values()]);
            const floor = await desk.floor(w, 100);
            expect(floor.waiting).toEqual(expected.waiting);
            expect(floor.used).toEqual(expected.used);
            expect(await desk.positions(w, ids)).toEqual(expected.positions);
          }),
          { numRuns: 150 },
        );
      });
    });

    describe("places in the queue", () => {
      it("[D8] counts from one per queue, asked in any order; who doesn't wait has none", async () => {
        await desk.place(w, c1, 1, queued({ score: 3 }));
        await desk.place(w, c2, 1, queued({ score: 1 }));
        await desk.place(w, c3, 1, queued({ score: 2, queue: q2 }));
        await desk.place(w, c4, 1, held(a1, 100));
        await desk.place(w, c5, 1, { at: "nowhere" });
        expect(await desk.positions(w, [c5, c1, c4, c3, c2, c6])).toEqual([
          null,
          { queue: q1, position: 2 },
          null,
          { queue: q2, position: 1 },
          { queue: q1, position: 1 },
          null,
        ]);
        expect(await desk.positions(w, [])).toEqual([]);
      });

      it("[D9] keeps counting who is reserved", async () => {
        await desk.place(w, c1, 1, queued({ score: 1 }));
        await desk.place(w, c2, 1, queued({ score: 2 }));
        expect(await reserve(c1, 1, a1)).toBe("reserved");
        expect(await desk.positions(w, [c1, c2])).toMatchObject([{ position: 1 }, { position: 2 }]);
      });
    });

    describe("reserving", () => {
      it("[D10] holds the units and hides the chat until it is placed at the agent", async () => {
        await desk.place(w, c1, 1, queued({ score: 1 }));
        await desk.place(w, c2, 1, queued({ score: 2 }));
        expect(await reserve(c1, 1, a1, { units: 150 })).toBe("reserved");
        expect(await waitingIds(1)).toEqual([c2]);
        expect(await usedBy(a1)).toBe(150);
        await desk.place(w, c1, 2, held(a1, 150));
        expect(await usedBy(a1)).toBe(150);
        await desk.place(w, c1, 3, { at: "nowhere" });
        expect(await usedBy(a1)).toBe(0);
      });

      it("[D11] is given back by release, by leaving, and not by another agent's release", async () => {
        await desk.place(w, c1, 1, queued({}));
        await reserve(c1, 1, a1);
        await desk.release(w, c1, a2);
        expect([await usedBy(a1), await waitingIds()]).toEqual([100, []]);
        await desk.release(w, c1, a1);
        expect([await usedBy(a1), await waitingIds()]).toEqual([0, [c1]]);
        await desk.release(w, c1, a1);
        await reserve(c1, 1, a1);
        await desk.place(w, c1, 2, { at: "nowhere" });
        expect([await usedBy(a1), await waitingIds()]).toEqual([0, []]);
      });

      it("[D12] is refused: gone, taken, full, rebuilding", async () => {
        await desk.place(w, c1, 2, queued({}));
        await desk.place(w, c2, 1, queued({}));
        await desk.place(w, c3, 1, held(a1, 200));
        expect(await reserve(c1, 1, a1)).toBe("gone");
        expect(await reserve(c1, 3, a1)).toBe("gone");
        expect(await reserve(c6, 1, a1)).toBe("gone");
        expect(await reserve(c3, 1, a2)).toBe("gone");
        expect(await reserve(c1, 2, a1, { capacity: 299 })).toBe("full");
        expect(await reserve(c1, 2, a1, { capacity: 300 })).toBe("reserved");
        expect(await reserve(c1, 2, a2)).toBe("taken");
        expect(await reserve(c2, 1, a1, { capacity: 399 })).toBe("full");
        await desk.beginRebuild(w, "second");
        expect(await reserve(c2, 1, a2)).toBe("rebuilding");
        expect((await desk.floor(w, 10)).state).toBe("rebuilding");
      });

      it("[D13] stays with a chat whose priority moves while the decision is on its way", async () => {
        await desk.place(w, c1, 1, queued({ score: 5 }));
        await reserve(c1, 1, a1);
        await desk.place(w, c1, 2, queued({ score: 1 }));
        expect([await usedBy(a1), await waitingIds()]).toEqual([100, []]);
        expect(await reserve(c1, 2, a2)).toBe("taken");
      });

      it("[D14] ends by itself: a node that died while deciding keeps nothing", async () => {
        await desk.place(w, c1, 1, queued({}));
        await reserve(c1, 1, a1, { length: 300, capacity: 100 });
        expect(await waitingIds()).toEqual([]);
        await harness.wait(320);
        expect([await waitingIds(), await usedBy(a1)]).toEqual([[c1], 0]);
        expect(await reserve(c1, 1, a1, { length: 300, capacity: 100 })).toBe("reserved");
        await harness.wait(320);
        expect(await reserve(c1, 1, a1, { capacity: 100 })).toBe("reserved");
      });

      it("[D15] lets exactly four of two hundred at once have an agent with room for four", async () => {
        const crowd = Array.from({ length: 200 }, (_, i) => `crowd-${i}` as ConversationId);
        await Promise.all(crowd.map((id) => desk.place(w, id, 1, queued({}))));
        const answers = await Promise.all(
          crowd.map((id, i) => reserve(id, 1, a1, { from: i % 2 ? desk : other })),
        );
        expect(answers.filter((answer) => answer === "reserved")).toHaveLength(4);
        expect(answers.filter((answer) => answer === "full")).toHaveLength(196);
        expect(await usedBy(a1)).toBe(400);
        expect(await waitingIds(500)).toHaveLength(196);
      });

      it("[D16] lets one of many have a chat", async () => {
        await desk.place(w, c1, 1, queued({}));
        const agents = Array.from({ length: 50 }, (_, i) => `agent-${i}` as AgentId);
        const answers = await Promise.all(
          agents.map((id, i) => reserve(c1, 1, id, { from: i % 2 ? desk : other })),
        );
        expect(answers.filter((answer) => answer === "reserved")).toHaveLength(1);
        expect(answers.filter((answer) => answer === "taken")).toHaveLength(49);
      });
    });

    describe("liveness", () => {
      const beat = (id: AgentId, connection: string, length = 60_000) =>
        desk.beat(w, { kind: "agent", id, connection }, length);
      const live = async () => [...(await other.floor(w, 0)).live].sort();

      it("[D17] is an agent's as long as one of its connections is heard of", async () => {
        await beat(a1, "tab-1");
        await beat(a1, "tab-2");
        await beat(a2, "tab-1", 300);
        await desk.beat(w, { kind: "visitor", id: "visitor", connection: "tab" }, 60_000);
        expect(await live()).toEqual([a1, a2]);
        await desk.gone(w, { kind: "agent", id: a1, connection: "tab-1" });
        await desk.gone(w, { kind: "agent", id: a2, connection: "other" });
        expect(await live()).toEqual([a1, a2]);
        await harness.wait(320);
        expect(await live()).toEqual([a1]);
        await desk.gone(w, { kind: "agent", id: a1, connection: "tab-2" });
        expect(await live()).toEqual([]);
      });

      it("[D18] is lengthened by each beat", async () => {
        await beat(a1, "tab", 600);
        await harness.wait(400);
        await beat(a1, "tab", 600);
        await harness.wait(400);
        expect(await live()).toEqual([a1]);
        await harness.wait(300);
        expect(await live()).toEqual([]);
      });
    });

    describe("taking stock", () => {
      it("[D50] tells everything placed, waiting or held, with what it was placed with", async () => {
        await desk.place(w, c1, 3, queued({ score: -5, queuedAt: 1_800_000_000_123, units: 150 }));
        await desk.place(w, c2, 4, held(a1, 50));
        await desk.place(w, c3, 1, queued({ queue: q2 }));
        await desk.place(w, c3, 2, { at: "nowhere" });
        await desk.place(w, c4, 1, queued({ queue: q2 }));
        await reserve(c1, 3, a2, { units: 150 });
        const { state, placed, whole } = await other.inventory(w);
        expect([state, whole]).toEqual(["ready", true]);
        expect(placed.sort((a, b) => (a.conversation < b.conversation ? -1 : 1))).toEqual([
          {
            conversation: c1,
            seq: 3,
            place: queued({ score: -5, queuedAt: 1_800_000_000_123, units: 150 }),
          },
          { conversation: c2, seq: 4, place: held(a1, 50) },
          { conversation: c4, seq: 1, place: queued({ queue: q2 }) },
        ]);
      });

      it("[D51] of an emptied store tells that nothing there may be believed", async () => {
        await harness.empty();
        expect(await desk.inventory(w)).toEqual({ state: "rebuilding", placed: [], whole: true });
      });
    });

    describe("another log", () => {
      it("[D55] forgets all of a workspace when told, and takes any seq afterwards", async () => {
        const elsewhere = "forgotten" as WorkspaceId;
        await desk.place(elsewhere, c1, 9, queued({}));
        await desk.place(w, c1, 9, queued({}));
        await desk.place(w, c2, 9, held(a1, 100));
        await desk.place(w, c3, 9, { at: "nowhere" });
        await desk.beat(w, { kind: "agent", id: a1, connection: "tab" }, 60_000);
        await desk.forget(w);
        expect(await other.epoch(w)).toBeNull();
        expect(await other.inventory(w)).toEqual({ state: "rebuilding", placed: [], whole: true });
        expect((await other.floor(w, 10)).live).toEqual(new Set());
        for (const id of [c1, c2, c3])
          expect(await desk.place(w, id, 1, queued({}))).toBe("placed");
        expect((await other.inventory(elsewhere)).placed).toMatchObject([{ seq: 9 }]);
        await desk.forget(elsewhere);
      });

      it("[D56] remembers the newest mark of the log", async () => {
        expect(await other.logMark(w)).toBeNull();
        const mark = { epoch: "e", beats: 1_234 };
        await desk.markLog(w, mark);
        expect(await other.logMark(w)).toEqual(mark);
        await other.markLog(w, { ...mark, beats: 5_000_000_000 });
        // A node that is late, or a database that lags, lowers nothing.
        await desk.markLog(w, { ...mark, beats: 999 });
        expect(await desk.logMark(w)).toEqual({ ...mark, beats: 5_000_000_000 });
        await desk.markLog(w, { epoch: "another", beats: 1 });
        expect(await other.logMark(w)).toEqual({ epoch: "another", beats: 1 });
      });
    });

    describe("absence", () => {
      const silent = async (...who: AgentId[]) => (await desk.absence(w, "agent", who)).silentFor;
      /** Two clocks that round. */
      const rounding = 20;
      const since = (began: number) => performance.now() - began + rounding;

      it("[D52] counts from the last sign of life, a connection's end among them", async () => {
        const who = { kind: "agent" as const, id: a1, connection: "tab" };
        expect(await silent(a1, a2)).toEqual([null, null]);
        await desk.beat(w, who, 100);
        await harness.wait(300);
        const [first] = await silent(a1);
        expect(first).toBeGreaterThanOrEqual(290);
        const beaten = performance.now();
        await other.beat(w, { ...who, connection: "other" }, 60_000);
        const [again] = await silent(a1);
        expect(again).toBeLessThanOrEqual(since(beaten));
        await harness.wait(300);
        expect(await silent(a1)).toEqual([0]);
        const left = performance.now();
        await other.gone(w, { ...who, connection: "other" });
        // What has run out already says nothing new when it is given back.
        await desk.gone(w, { ...who, id: a2 });
        const [after, never] = await silent(a1, a2);
        expect(after).toBeLessThanOrEqual(since(left));
        expect(never).toBeNull();
        expect((await desk.absence(w, "visitor", [a1])).silentFor).toEqual([null]);
      });

      it("[D53] is known only since the Desk is complete", async () => {
        const knownFor = async () => (await desk.absence(w, "agent", [])).knownFor;
        await harness.wait(100);
        expect(await knownFor()).toBeGreaterThanOrEqual(95);
        await desk.beginRebuild(w, "second");
        expect(await knownFor()).toBe(0);
        const finishing = performance.now();
        await desk.finishRebuild(w, "second");
        expect(await knownFor()).toBeLessThanOrEqual(since(finishing));
        await desk.beat(w, { kind: "agent", id: a1, connection: "tab" }, 60_000);
        await harness.empty();
        expect(await desk.absence(w, "agent", [a1])).toMatchObject({
          knownFor: 0,
          silentFor: [null],
        });
      });
    });

    describe("rebuilding", () => {
      it("[D19] after everything is lost nothing is believed until an epoch is finished", async () => {
        await desk.place(w, c1, 1, queued({}));
        await harness.empty();
        expect(await desk.epoch(w)).toBeNull();
        expect(await desk.floor(w, 10)).toEqual({
          state: "rebuilding",
          waiting: [],
          used: new Map(),
          live: new Set(),
        });
        expect(await desk.place(w, c1, 1, queued({}))).toBe("placed");
        expect(await reserve(c1, 1, a1)).toBe("rebuilding");

        await desk.beginRebuild(w, "second");
        expect(await other.epoch(w)).toEqual({ epoch: "second", state: "rebuilding" });
        expect(await desk.place(w, c1, 1, queued({}))).toBe("placed");
        expect(await reserve(c1, 1, a1)).toBe("rebuilding");
        await desk.finishRebuild(w, "second");
        expect(await other.epoch(w)).toEqual({ epoch: "second", state: "ready" });
        expect(await reserve(c1, 1, a1)).toBe("reserved");
      });

      it("[D20] drops what nobody placed since it began, and nothing else", async () => {
        await desk.place(w, c1, 4, queued({}));
        await desk.place(w, c2, 4, held(a1, 100));
        await desk.place(w, c3, 4, queued({ score: 2 }));
        await desk.place(w, c4, 4, held(a1, 50));
        await reserve(c1, 4, a2);
        await desk.beginRebuild(w, "second");
        await desk.place(w, c3, 4, queued({ score: 2 }));
        await desk.place(w, c4, 4, held(a1, 50));
        await desk.place(w, c5, 1, queued({ score: 1 }));
        await desk.finishRebuild(w, "second");
        const floor = await desk.floor(w, 10);
        expect(floor.waiting.map((waiting) => waiting.conversation)).toEqual([c5, c3]);
        expect(floor.used).toEqual(new Map([[a1, 50]]));
        expect(await desk.place(w, c1, 3, queued({}))).toBe("stale");
      });

      it("[D21] isn't finished by whoever began an earlier one, or by one that was lost meanwhile", async () => {
        await desk.beginRebuild(w, "second");
        await other.beginRebuild(w, "third");
        await desk.finishRebuild(w, "second");
        expect(await desk.epoch(w)).toEqual({ epoch: "third", state: "rebuilding" });
        await harness.empty();
        await other.finishRebuild(w, "third");
        expect(await desk.epoch(w)).toBeNull();
      });
    });

    describe("fan-out", () => {
      it("[D22] reaches every hearer of the channel on every node, and nobody else", async () => {
        const heard: string[] = [];
        const note = (who: string) => (message: string) => void heard.push(`${who} ${message}`);
        const elsewhere = "elsewhere" as WorkspaceId;
        const ends = [
          await desk.subscribe(w, "fan:1", note("a")),
          await desk.subscribe(w, "fan:1", note("b")),
          await other.subscribe(w, "fan:1", note("c")),
          await other.subscribe(w, "fan:2", note("wrong channel")),
          await other.subscribe(elsewhere, "fan:1", note("wrong workspace")),
        ];
        await desk.publish(w, "fan:1", "zażółć 1");
        await other.publish(w, "fan:1", "2");
        await until(() => heard.length >= 6);
        expect(heard.filter((line) => line.startsWith("a"))).toHaveLength(2);
        expect([...heard].sort()).toEqual([
          "a 2",
          "a zażółć 1",
          "b 2",
          "b zażółć 1",
          "c 2",
          "c zażółć 1",
        ]);
        for (const end of ends) await end();
      });

      it("[D23] keeps one publisher's order", async () => {
        const heard: number[] = [];
        const end = await other.subscribe(w, "wake", (message) => heard.push(Number(message)));
        const sent = Array.from({ length: 500 }, (_, i) => i);
        await Promise.all(sent.map((i) => desk.publish(w, "wake", String(i))));
        await until(() => heard.length >= sent.length);
        expect(heard).toEqual(sent);
        await end();
      });

      it("[D24] ends for the one who ended it, however often, and can begin again", async () => {
        const heard: string[] = [];
        const first = await desk.subscribe(w, "roster", () => void heard.push("first"));
        const second = await desk.subscribe(w, "roster", () => void heard.push("second"));
        await first();
        await first();
        await desk.publish(w, "roster", "");
        await until(() => heard.length >= 1);
        await second();
        const [third] = await Promise.all([
          desk.subscribe(w, "roster", () => void heard.push("third")),
          desk.subscribe(w, "roster", () => void heard.push("fourth")).then((end) => end()),
        ]);
        await desk.publish(w, "roster", "");
        await until(() => heard.length >= 2);
        expect(heard).toEqual(["second", "third"]);
        await third();
      });

      it("[D26] hears on, whoever else comes and goes on the same channel at the same time", async () => {
        const heard: string[] = [];
        const visits = Array.from({ length: 40 }, async (_, i) => {
          const end = await desk.subscribe(w, "fan:5", () => undefined);
          if (i % 3) await end();
        });
        const stays = desk.subscribe(w, "fan:5", (message) => void heard.push(message));
        const more = Array.from({ length: 40 }, async () => {
          const end = await desk.subscribe(w, "fan:5", () => undefined);
          await end();
        });
        await Promise.all([...visits, stays, ...more]);
        await other.publish(w, "fan:5", "still there");
        await until(() => heard.length > 0);
      });
    });

    describe("losing the store", () => {
      it("[D25] comes back by itself, hears again what it listened to, and says that it was away", async () => {
        const heard: string[] = [];
        let returns = 0;
        const stop = desk.onReturn(() => {
          returns += 1;
        });
        const end = await desk.subscribe(w, "fan:63", (message) => heard.push(message));
        await harness.cut();
        await until(() => returns >= 1);
        await desk.ping();
        await until(() => other.publish(w, "fan:63", "after").then(() => true, passing));
        await until(() => heard.includes("after"));
        expect(await desk.place(w, c1, 1, queued({}))).toBe("placed");
        stop();
        const before = returns;
        let others = 0;
        const stopOther = other.onReturn(() => {
          others += 1;
        });
        await harness.cut();
        await until(() => others >= 1);
        await until(() => desk.ping().then(() => true, passing));
        expect(returns).toBe(before);
        stopOther();
        await end();
      });
    });
  });
}

/** False for a store that is away, so that `until` asks again; anything else is a failure. */
function passing(error: unknown): false {
  if (error instanceof DeskUnavailable) return false;
  throw error;
}

async function until(holds: () => boolean | Promise<boolean>, withinMs = 5_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const id = <Id>(name: string) => name as Id;
const ids = Array.from({ length: 6 }, (_, i) => `conversation-${i + 1}` as ConversationId);
const [c1, c2, c3, c4, c5, c6] = ids as [
  ConversationId,
  ConversationId,
  ConversationId,
  ConversationId,
  ConversationId,
  ConversationId,
];
const a1 = id<AgentId>("agent-1");
const a2 = id<AgentId>("agent-2");
const q1 = id<QueueId>("queue-1");
const q2 = id<QueueId>("queue-2");

const queued = (more: Partial<Extract<Place, { at: "queue" }>>): Place => ({
  at: "queue",
  queue: q1,
  score: 1,
  queuedAt: 1,
  units: 100,
  ...more,
});
const held = (agent: AgentId, units: number): Place => ({ at: "agent", agent, units });

type Written = { id: ConversationId; seq: number; place: Place };

const places: fc.Arbitrary<Place> = fc.oneof(
  fc.record({
    at: fc.constant("queue" as const),
    queue: fc.constantFrom(q1, q2),
    score: fc.integer({ min: -2, max: 2 }),
    queuedAt: fc.integer({ min: 0, max: 2 }),
    units: fc.constantFrom(50, 100),
  }),
  fc.record({
    at: fc.constant("agent" as const),
    agent: fc.constantFrom(a1, a2),
    units: fc.constantFrom(50, 100),
  }),
  fc.constant({ at: "nowhere" as const }),
);

/** What several conversations' commits wrote, and the same writes as a network might deliver them. */
const deliveries = fc
  .array(fc.record({ id: fc.constantFrom(...ids), place: places }), { maxLength: 25 })
  .map((writes) => writes.map((write, i): Written => ({ ...write, seq: i + 1 })))
  .chain((written) =>
    fc.record({
      written: fc.constant(written),
      delivered: fc
        .tuple(
          fc.shuffledSubarray(written, { minLength: written.length }),
          fc.shuffledSubarray(written),
        )
        .map(([once, again]) => [...once, ...again]),
    }),
  );

function foldedFloor(last: Written[]) {
  const waiting = last
    .flatMap(({ id: conversation, seq, place }) =>
      place.at === "queue"
        ? [{ id: conversation, score: place.score, queuedAt: place.queuedAt, seq, place }]
        : [],
    )
    .sort(byRank)
    .map(({ id: conversation, seq, place: { queue, score, queuedAt, units } }) => ({
      conversation,
      queue,
      score,
      queuedAt,
      seq,
      units,
    }));
  const used = new Map<AgentId, number>();
  for (const { place } of last) {
    if (place.at === "agent") used.set(place.agent, (used.get(place.agent) ?? 0) + place.units);
  }
  const positions = ids.map((conversation) => {
    const mine = waiting.find((one) => one.conversation === conversation);
    if (!mine) return null;
    const { queue } = mine;
    return { queue, position: waiting.filter((one) => one.queue === queue).indexOf(mine) + 1 };
  });
  return { waiting, used, positions };
}
