import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Draft } from "#server/domain/draft.ts";
import { rank } from "#server/domain/rank.ts";
import type { Committed, Ledger, SlotChange } from "#server/ports.ts";
import { applyAll } from "#shared/domain/apply.ts";
import { seen } from "#shared/domain/visible.ts";
import type { Actor } from "#shared/model/actor.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import { type Chat, fresh, noon, World } from "./ledgerWorld.ts";

/** Two nodes on one store; adapters that live in one process hand out the same ledger twice. */
export type Nodes = { first: Ledger; second: Ledger; close(): Promise<void> };

const system: Actor = { kind: "system", id: "router" };

/** The promises of the Ledger port, held by every adapter. */
export function ledgerContract(name: string, make: () => Promise<Nodes>): void {
  describe(`The Ledger in ${name}`, () => {
    let nodes: Nodes;
    let ledger: Ledger;
    let world: World;

    beforeAll(async () => {
      nodes = await make();
      ledger = nodes.first;
    });
    afterAll(() => nodes.close());
    beforeEach(async () => {
      world = await World.open(ledger);
    });

    const agent = (id: AgentId): Actor => ({ kind: "agent", id });
    const statuses = (all: readonly Committed[]) =>
      all.reduce<Record<string, number>>((counts, { status }) => {
        counts[status] = (counts[status] ?? 0) + 1;
        return counts;
      }, {});
    const held = async (id: AgentId) =>
      (await ledger.agents(world.workspace)).find((one) => one.id === id);
    const stored = (chat: Chat) => ledger.conversation(world.workspace, chat.id);
    const log = (chat: Chat) => ledger.events(world.workspace, chat.id, "supervisor", 0, 1_000);
    const assign = (chat: Chat, to: AgentId, by = system) =>
      chat.commit(chat.change(by, [chat.assigned(to)]));

    describe("commits", () => {
      it("[LG1] all of a change: events, the conversation they make, and the command", async () => {
        const chat = world.chat();
        const change = chat.change(chat.visitorActor, [
          chat.started(),
          chat.queued(),
          chat.said("Hello"),
        ]);
        const committed = await chat.commit(change);
        expect(committed).toMatchObject({ status: "committed", seq: 1, at: noon });
        expect(await stored(chat)).toEqual(change.conversation);
        expect(await log(chat)).toEqual(change.events);
        expect(await ledger.findCommand(world.workspace, change.command)).toMatchObject({
          seq: 1,
          at: noon,
          hash: "h",
          conversation: chat.id,
        });
      });

      it("[LG1] answers with the first of the command's events", async () => {
        const chat = await world.waiting();
        world.now += 500;
        const change = chat.change(chat.visitorActor, [chat.said("One"), chat.said("Two")]);
        expect(await chat.commit(change)).toMatchObject({ seq: 3, at: noon + 500 });
        expect(await stored(chat)).toMatchObject({ seq: 4, head: { seq: 4, at: noon + 500 } });
      });

      it("[LG1] keeps every status with what belongs to it", async () => {
        const chat = await world.waiting();
        for (const draft of [
          chat.parked(),
          chat.queued({ priority: 80 }),
          chat.assigned(world.anna),
          chat.closed(),
          chat.queued(),
        ]) {
          world.now += 1_000;
          const { conversation } = await chat.commits(system, [draft]);
          expect(await stored(chat)).toEqual(conversation);
        }
      });

      it("[LG1] keeps words as they were written", async () => {
        const chat = await world.waiting();
        const text = `Zażółć 'gęślą' "jaźń" \\ 👩‍💻 \t\n${"ї".repeat(9_000)}`;
        await chat.commits(chat.visitorActor, [chat.said(text)]);
        expect((await log(chat)).at(-1)).toMatchObject({ body: { type: "text", text } });
      });

      it("[LG2] answers a repeat as the first time, whatever happened since", async () => {
        const chat = await world.waiting();
        const change = chat.change(chat.visitorActor, [chat.said("Hello")]);
        const first = await chat.commit(change);
        await chat.commits(system, [chat.assigned(world.anna)]);
        await chat.commits(agent(world.anna), [chat.closed()]);
        const expected = { status: "repeat", seq: 3, at: noon, conversation: chat.id };
        expect(first).toMatchObject({ status: "committed", seq: 3 });
        expect(await ledger.commit(change)).toEqual(expected);
        expect(await nodes.second.commit(change)).toEqual(expected);
        expect(await log(chat)).toHaveLength(5);
      });

      it("[LG2] tells where a command went that was about another conversation", async () => {
        const chat = await world.waiting();
        const subject = { kind: "conversation" as const, id: fresh<ConversationId>() };
        const moved = chat.change(chat.visitorActor, [chat.said("Hello")], { subject });
        await chat.commit(moved);
        expect(await ledger.commit(moved)).toMatchObject({
          status: "repeat",
          conversation: chat.id,
        });
      });

      it("[LG3] refuses a known command id with another body", async () => {
        const chat = await world.waiting();
        const { command } = await chat.commits(chat.visitorActor, [chat.said("Hello")]);
        const other = chat.change(chat.visitorActor, [chat.said("Bye")], {
          id: command.id,
          hash: "other",
        });
        expect(await chat.commit(other)).toEqual({ status: "bodyMismatch" });
        expect(await log(chat)).toHaveLength(3);
      });

      it("[LG3] tells commands with one id apart by sender and subject", async () => {
        const chat = await world.waiting();
        const { command } = await chat.commits(chat.visitorActor, [chat.said("Hello")]);
        const { id } = command;
        const bySystem = chat.change(system, [chat.noted("Mine")], { id, hash: "another" });
        expect(await chat.commit(bySystem)).toMatchObject({ status: "committed" });
        const elsewhere = await world.waiting();
        const about = elsewhere.change(chat.visitorActor, [elsewhere.said("Hi")], { id });
        expect(await elsewhere.commit(about)).toMatchObject({ status: "committed" });
      });

      it("[LG4] lets nobody write on what they have not seen", async () => {
        const chat = await world.waiting();
        const late = chat.change(chat.visitorActor, [chat.said("Late")]);
        await chat.commits(chat.visitorActor, [chat.said("First")]);
        expect(await ledger.commit(late)).toEqual({ status: "seqConflict" });
        expect(await ledger.findCommand(world.workspace, late.command)).toBeNull();
        expect(await log(chat)).toEqual(chat.events);
      });

      it("[LG4] starts a conversation once, and moves none that isn't there", async () => {
        const chat = world.chat();
        const start = [chat.started(), chat.queued()];
        const again = chat.change(chat.visitorActor, start);
        await chat.commits(chat.visitorActor, start);
        expect(await ledger.commit(again)).toEqual({ status: "seqConflict" });
        const nowhere = {
          ...chat.change(system, [chat.noted("Hm")]),
          workspace: fresh<WorkspaceId>(),
        };
        expect(await ledger.commit(nowhere)).toEqual({ status: "seqConflict" });
      });

      it("[LG5] gives a visitor one open conversation on a site", async () => {
        const one = await world.waiting();
        const two = world.chat(one.visitor);
        const start = two.change(two.visitorActor, [two.started(), two.queued()]);
        expect(await two.commit(start)).toEqual({ status: "openElsewhere", conversation: one.id });
        expect(await stored(two)).toBeNull();
        await one.commits(system, [one.closed()]);
        expect(await two.commit(start)).toMatchObject({ status: "committed" });
        const reopen = one.change(system, [one.queued()]);
        expect(await one.commit(reopen)).toEqual({ status: "openElsewhere", conversation: two.id });
        await two.commits(system, [two.closed()]);
        expect(await one.commit(reopen)).toMatchObject({ status: "committed" });
      });

      it("[LG6] never lets an assignment exceed an agent's capacity", async () => {
        const [one, two] = [await world.waiting(), await world.waiting()];
        expect(await assign(one, world.ben)).toMatchObject({ status: "committed" });
        expect(await assign(two, world.ben)).toEqual({ status: "full", agent: world.ben });
        expect(await stored(two)).toMatchObject({ status: "queued" });
        expect(await held(world.ben)).toMatchObject({ used: 100, lastAssignedAt: noon });
        await one.commits(agent(world.ben), [one.closed()]);
        expect(await held(world.ben)).toMatchObject({ used: 0 });
        expect(await assign(two, world.ben)).toMatchObject({ status: "committed" });
      });

      it("[LG6] frees one agent and takes another in one change", async () => {
        const chat = await world.waiting();
        await assign(chat, world.ben);
        world.now += 1_000;
        await chat.commits(agent(world.ben), [chat.assigned(world.anna)]);
        expect(await held(world.ben)).toMatchObject({ used: 0, lastAssignedAt: noon });
        expect(await held(world.anna)).toMatchObject({ used: 100, lastAssignedAt: noon + 1_000 });
      });

      it("[LG6] counts an agent it doesn't know as full", async () => {
        const chat = await world.waiting();
        const nobody = fresh<AgentId>();
        expect(await assign(chat, nobody)).toEqual({ status: "full", agent: nobody });
      });

      describe("[LG6] slots of an agent at capacity", () => {
        const slot = (units: number, kind: "active" | "idle" | "wrapup") => ({
          units,
          kind,
          until: null,
        });
        let chat: Chat;
        const changing = (change: Omit<SlotChange, "agent">) => ({
          ...chat.change(system, [chat.noted("Slots")]),
          slots: [{ agent: world.ben, ...change }],
        });

        beforeEach(async () => {
          chat = await world.waiting();
          await assign(chat, world.ben);
        });

        it("may be exceeded by force", async () => {
          const forced = changing({ slot: slot(250, "active"), force: true });
          expect(await chat.commit(forced)).toMatchObject({ status: "committed" });
          expect(await held(world.ben)).toMatchObject({ used: 250 });
          const shrunk = changing({ slot: slot(200, "wrapup") });
          expect(await chat.commit(shrunk)).toMatchObject({ status: "committed" });
          const grown = changing({ slot: slot(201, "wrapup") });
          expect(await chat.commit(grown)).toEqual({ status: "full", agent: world.ben });
        });

        it("may be exceeded by a chat that comes back to life", async () => {
          await chat.commit(changing({ slot: slot(10, "idle") }));
          const other = await world.waiting();
          const small = other.change(system, [other.assigned(world.ben, 90)]);
          world.now += 5_000;
          expect(await other.commit(small)).toMatchObject({ status: "committed" });
          expect(await chat.commit(changing({ slot: slot(100, "active") }))).toMatchObject({
            status: "committed",
          });
          expect(await held(world.ben)).toMatchObject({ used: 190, lastAssignedAt: noon });
        });
      });

      it("[LG7] looks for repeats first, then seq, then the open place, then capacity", async () => {
        const mine = await world.waiting();
        const other = world.chat(mine.visitor);
        const begin = [other.started(), other.queued(), other.assigned(fresh<AgentId>())];
        const wrong = other.change(other.visitorActor, begin);
        expect(await ledger.commit({ ...wrong, expectedSeq: 0 })).toMatchObject({
          status: "openElsewhere",
        });
        const { command } = await mine.commits(mine.visitorActor, [mine.said("Hello")]);
        const stale = mine.change(system, [mine.noted("Stale")]);
        await mine.commits(mine.visitorActor, [mine.said("Again")]);
        const slots = [{ agent: fresh<AgentId>(), slot: { ...active, units: 1 } }];
        expect(await ledger.commit({ ...stale, slots })).toEqual({ status: "seqConflict" });
        expect(await ledger.commit({ ...stale, command, slots })).toMatchObject({
          status: "repeat",
        });
        const mismatch = { ...command, hash: "x" };
        expect(await ledger.commit({ ...stale, command: mismatch, slots })).toEqual({
          status: "bodyMismatch",
        });
      });

      it("[LG8] leaves one conversation of 50 started at once by one visitor", async () => {
        const chats = Array.from({ length: 50 }, () => world.chat(visitor));
        const all = await Promise.all(
          chats.map((chat, i) =>
            chat.commit(chat.change(chat.visitorActor, [chat.started(), chat.queued()]), node(i)),
          ),
        );
        expect(statuses(all)).toEqual({ committed: 1, openElsewhere: 49 });
        const open = await ledger.openConversations(world.workspace);
        expect(open).toHaveLength(1);
        for (const one of all) {
          if (one.status === "openElsewhere") expect(one.conversation).toBe(open[0]?.id);
        }
      });

      it("[LG9] commits a command sent 20 times at once exactly once", async () => {
        const chat = world.chat();
        const start = chat.change(chat.visitorActor, [chat.started(), chat.queued()]);
        const starts = await Promise.all(
          Array.from({ length: 20 }, (_, i) => node(i).commit(start)),
        );
        expect(statuses(starts)).toEqual({ committed: 1, repeat: 19 });
        chat.state = start.conversation;
        const say = chat.change(chat.visitorActor, [chat.said("Hello")]);
        const says = await Promise.all(Array.from({ length: 20 }, (_, i) => node(i).commit(say)));
        expect(statuses(says)).toEqual({ committed: 1, repeat: 19 });
        for (const one of says) expect(one).toMatchObject({ seq: 3, at: noon });
        expect(await log(chat)).toEqual([...start.events, ...say.events]);
      });

      it("[LG10] fills two agents exactly under 200 assignments at once", async () => {
        const chats = await Promise.all(Array.from({ length: 200 }, () => world.waiting()));
        const all = await Promise.all(
          chats.map((chat, i) => {
            const to = i % 3 === 0 ? world.ben : world.anna;
            return chat.commit(chat.change(system, [chat.assigned(to)]), node(i));
          }),
        );
        expect(statuses(all)).toEqual({ committed: 4, full: 196 });
        expect(await held(world.anna)).toMatchObject({ used: 300 });
        expect(await held(world.ben)).toMatchObject({ used: 100 });
        const mine = await ledger.mine(world.workspace, [world.anna, world.ben], 10);
        expect([...mine.values()].map(({ total }) => total)).toEqual([3, 1]);
      });

      it("[LG11] keeps logs dense when two nodes write to them at once", async () => {
        const chats = await Promise.all(Array.from({ length: 10 }, () => world.waiting()));
        const persistently = async (chat: Chat, on: Ledger) => {
          for (;;) {
            const state = await on.conversation(world.workspace, chat.id);
            const writer = Object.assign(world.chat(chat.visitor), { id: chat.id, state });
            const change = writer.change(system, [writer.said("Hello")]);
            const { status } = await on.commit(change);
            if (status === "committed") return;
            expect(status).toBe("seqConflict");
          }
        };
        await Promise.all(
          chats.flatMap((chat) => Array.from({ length: 6 }, (_, i) => persistently(chat, node(i)))),
        );
        for (const chat of chats) {
          const events = await log(chat);
          expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
          expect(await stored(chat)).toEqual(applyAll(null, events));
        }
      });

      it("[LG12] throws at a change with a hole in it", async () => {
        const chat = await world.waiting();
        const change = chat.change(system, [chat.said("One"), chat.said("Two")]);
        const lost = { ...change, events: change.events.slice(1) };
        await expect(ledger.commit(lost)).rejects.toThrow("events don't lead from seq 2 to 4");
      });

      it("[LG13] stores what the reducer makes of any history, for every audience", async () => {
        const step = fc.record({
          kind: fc.constantFrom("say", "answer", "note", "queue", "assign", "park", "close"),
          text: fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
          priority: fc.integer({ min: 0, max: 100 }),
          later: fc.integer({ min: 0, max: 5_000 }),
        });
        const drafts = (
          chat: Chat,
          { kind, text, priority }: typeof step extends fc.Arbitrary<infer S> ? S : never,
        ) => {
          const all: Record<string, [Actor, Draft]> = {
            say: [chat.visitorActor, chat.said(text)],
            answer: [agent(world.anna), chat.said(text)],
            note: [agent(world.anna), chat.noted(text)],
            queue: [system, chat.queued({ priority })],
            assign: [system, chat.assigned(world.anna, priority)],
            park: [system, chat.parked()],
            close: [agent(world.anna), chat.closed()],
          };
          return all[kind] as [Actor, Draft];
        };
        await fc.assert(
          fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
            const chat = await world.waiting();
            for (const one of steps) {
              world.now += one.later;
              const [by, draft] = drafts(chat, one);
              await chat.commit(chat.change(by, [draft]));
            }
            expect(await stored(chat)).toEqual(chat.now);
            for (const audience of ["visitor", "agent", "supervisor"] as const) {
              const events = await ledger.events(world.workspace, chat.id, audience, 0, 1_000);
              expect(applyAll(null, events)).toEqual(seen(audience, chat.now));
              let prev = 0;
              if (audience === "visitor") {
                for (const event of events) {
                  expect(event.prev).toBe(prev);
                  prev = event.seq;
                }
              }
            }
            if (chat.now.status === "assigned") await chat.commits(system, [chat.closed()]);
          }),
          { numRuns: 25 },
        );
      });

      const active = { kind: "active" as const, until: null };
      const visitor = fresh<VisitorId>();
      const node = (i: number): Ledger => (i % 2 === 0 ? nodes.first : nodes.second);
    });

    describe("reads conversations", () => {
      it("[LG20] shows each audience its events, oldest first, from where it stands", async () => {
        const chat = await world.waiting({ priority: 80 });
        await chat.commits(chat.visitorActor, [chat.said("Hello")]);
        await chat.commits(agent(world.anna), [chat.noted("VIP")]);
        await chat.commits(agent(world.anna), [chat.said("Hi")]);
        const read = (audience: "visitor" | "agent", since: number, limit: number) =>
          ledger.events(world.workspace, chat.id, audience, since, limit);
        expect((await read("agent", 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
        expect((await read("visitor", 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 3, 5]);
        expect((await read("visitor", 2, 1)).map(({ seq }) => seq)).toEqual([3]);
        expect((await read("visitor", 3, 10)).map(({ prev }) => prev)).toEqual([3]);
        expect((await read("visitor", 1, 1))[0]).toMatchObject({ body: { priority: 20 } });
        expect((await read("agent", 1, 1))[0]).toMatchObject({ body: { priority: 80 } });
        expect(await read("agent", 5, 10)).toEqual([]);
      });

      it("[LG21] lists the open ones, whatever their status", async () => {
        const [queued, parked, owned, closed] = await Promise.all(
          Array.from({ length: 4 }, () => world.waiting()),
        );
        await parked?.commits(system, [parked.parked()]);
        await owned?.commits(system, [owned.assigned(world.anna)]);
        await closed?.commits(system, [closed.closed()]);
        const open = await ledger.openConversations(world.workspace);
        const expected = [queued, parked, owned].map((chat) => chat?.now);
        expect(open).toHaveLength(3);
        expect(open).toEqual(expect.arrayContaining(expected));
      });

      it("[LG22] lists the unattended of some queues, oldest unanswered first", async () => {
        const park = async (queue: QueueId) => {
          const chat = await world.waiting();
          const parked = chat.parked();
          if (parked.kind === "parked") parked.body.queue = queue;
          await chat.commits(chat.visitorActor, [chat.said("Anybody?"), parked]);
          world.now += 1_000;
          return chat.id;
        };
        const first = await park(world.sales);
        await park(world.support);
        const third = await park(world.sales);
        await world.waiting();
        const ids = async (queues: QueueId[], limit: number) =>
          (await ledger.unattended(world.workspace, queues, limit)).map(({ id }) => id);
        expect(await ids([world.sales], 10)).toEqual([first, third]);
        expect(await ids([world.sales, world.support], 1)).toEqual([first]);
        expect(await ids([], 10)).toEqual([]);
      });

      it("[LG23] moves cursors forward only, up to what their side can see", async () => {
        const chat = await world.waiting();
        await chat.commits(agent(world.anna), [chat.said("Hi"), chat.noted("Hidden")]);
        const none = { delivered: 0, read: 0 };
        const advance = (side: "visitor" | "agent", delivered: number, read: number) =>
          ledger.advanceCursor(world.workspace, chat.id, side, { delivered, read });
        expect(await advance("visitor", 99, 2)).toEqual({
          visitor: { delivered: 3, read: 2 },
          agent: none,
        });
        expect(await advance("visitor", 1, 1)).toMatchObject({
          visitor: { delivered: 3, read: 2 },
        });
        expect(await advance("agent", 0, 4)).toEqual({
          visitor: { delivered: 3, read: 2 },
          agent: { delivered: 4, read: 4 },
        });
        const unknown = fresh<ConversationId>();
        const to = { delivered: 5, read: 5 };
        expect(await ledger.advanceCursor(world.workspace, unknown, "agent", to)).toEqual({
          visitor: none,
          agent: none,
        });
        const other = await world.waiting();
        const heads = await ledger.heads(world.workspace, [chat.id, unknown, other.id]);
        expect(heads).toEqual(
          new Map([
            [
              chat.id,
              {
                seq: 4,
                visitorSeq: 3,
                cursors: { visitor: { delivered: 3, read: 2 }, agent: { delivered: 4, read: 4 } },
              },
            ],
            [other.id, { seq: 2, visitorSeq: 2, cursors: { visitor: none, agent: none } }],
          ]),
        );
      });

      it("[LG23] loses no receipt to another that lands at the same moment", async () => {
        const chat = await world.waiting();
        await chat.commits(
          chat.visitorActor,
          Array.from({ length: 20 }, () => chat.said("x")),
        );
        await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            (i % 4 < 2 ? nodes.first : nodes.second).advanceCursor(
              world.workspace,
              chat.id,
              i % 2 ? "visitor" : "agent",
              { delivered: (i >> 1) + 1, read: i >> 1 },
            ),
          ),
        );
        const heads = await ledger.heads(world.workspace, [chat.id]);
        const furthest = { delivered: 20, read: 19 };
        expect(heads.get(chat.id)?.cursors).toEqual({ visitor: furthest, agent: furthest });
      });

      it("[LG24] lists what agents hold: oldest first, newest message, unread, total", async () => {
        const chats: Chat[] = [];
        for (let i = 0; i < 3; i += 1) {
          const chat = await world.waiting();
          await chat.commits(chat.visitorActor, [chat.said("Hello"), chat.said(`Number ${i}`)]);
          world.now += 1_000;
          await assign(chat, world.anna);
          chats.push(chat);
        }
        const [one, two, three] = chats as [Chat, Chat, Chat];
        await one.commits(agent(world.anna), [one.said("Hi"), one.noted("Nice one")]);
        const to = { delivered: 5, read: 3 };
        await ledger.advanceCursor(world.workspace, two.id, "agent", to);
        const mine = await ledger.mine(world.workspace, [world.ben, world.anna], 2);
        expect(mine.get(world.ben)).toEqual({ rows: [], total: 0 });
        expect(mine.get(world.anna)).toEqual({
          total: 3,
          rows: [
            {
              conversation: one.now,
              preview: { by: "agent", text: "Hi", at: world.now },
              unread: 2,
              score: null,
            },
            {
              conversation: two.now,
              preview: { by: "visitor", text: "Number 1", at: noon + 1_000 },
              unread: 1,
              score: null,
            },
          ],
        });
        expect(
          (await ledger.mine(world.workspace, [world.anna], 9)).get(world.anna)?.rows.at(-1),
        ).toMatchObject({
          conversation: { id: three.id },
        });
      });

      it("[LG25] lists who waits by score, age and id", async () => {
        // Sales: a point is worth 30 s of age; support: 1.5 s.
        const at = (minutes: number) => noon + minutes * 60_000;
        const plain = await world.waiting({ queuedAt: at(0) });
        const urgent = await world.waiting({ queuedAt: at(10), priority: 50 });
        const elsewhere = await world.waiting({ queuedAt: at(0), queue: world.support });
        const twins = [
          await world.waiting({ queuedAt: at(5) }),
          await world.waiting({ queuedAt: at(5) }),
        ];
        const { rows, total } = await ledger.waiting(world.workspace, 10);
        expect(rows.map(({ conversation }) => conversation.id)).toEqual([
          urgent.id,
          plain.id,
          ...twins.map(({ id }) => id).sort(),
          elsewhere.id,
        ]);
        const score = rank(plain.now.priority, at(0), 30);
        expect(rows[1]).toEqual({ conversation: plain.now, preview: null, unread: 0, score });
        expect(rows.map((row) => row.score)).toEqual(
          rows.map((row) => row.score).sort((a, b) => Number(a) - Number(b)),
        );
        expect(total).toBe(5);
        expect(await ledger.waiting(world.workspace, 1)).toMatchObject({
          total: 5,
          rows: [{ conversation: { id: urgent.id } }],
        });
      });

      it("[LG27] lists what is parked in some queues, longest unanswered first", async () => {
        const park = async (queue: QueueId, says = true) => {
          const chat = await world.waiting();
          const parked = chat.parked();
          if (parked.kind === "parked") parked.body.queue = queue;
          await chat.commits(chat.visitorActor, [...(says ? [chat.said("Anybody?")] : []), parked]);
          world.now += 1_000;
          return chat;
        };
        const first = await park(world.sales);
        const elsewhere = await park(world.support);
        const silent = await park(world.sales, false);
        await world.waiting();
        const { rows, total } = await ledger.parked(world.workspace, [world.sales], 10);
        expect(rows.map(({ conversation }) => conversation.id)).toEqual([first.id, silent.id]);
        expect(total).toBe(2);
        expect(rows[0]).toMatchObject({
          conversation: first.now,
          preview: { by: "visitor", text: "Anybody?" },
          unread: 1,
          score: null,
        });
        expect(rows[1]).toEqual({
          conversation: silent.now,
          preview: null,
          unread: 0,
          score: null,
        });
        const both = [world.support, world.sales];
        expect(await ledger.parked(world.workspace, both, 1)).toMatchObject({
          total: 3,
          rows: [{ conversation: { id: first.id } }],
        });
        const all = await ledger.parked(world.workspace, both, 10);
        expect(all.rows.map(({ conversation }) => conversation.id)).toContain(elsewhere.id);
        expect(await ledger.parked(world.workspace, [], 10)).toEqual({ rows: [], total: 0 });
      });

      it("[LG28] lists the newest of some queues' closed chats", async () => {
        const close = async (queue: QueueId) => {
          const chat = await world.waiting({ queue });
          await chat.commits(system, [chat.closed()]);
          world.now += 1_000;
          return chat;
        };
        const sold = [await close(world.sales), await close(world.sales)];
        const supported = await close(world.support);
        const last = await close(world.sales);
        await world.waiting();
        const ids = async (queues: QueueId[], limit: number) => {
          const { rows, total } = await ledger.closed(world.workspace, queues, limit);
          expect(total).toBe(rows.length);
          return rows.map(({ conversation }) => conversation.id);
        };
        expect(await ids([world.sales], 2)).toEqual([last.id, sold[1]?.id]);
        expect(await ids([world.sales, world.support], 10)).toEqual(
          [last, supported, sold[1], sold[0]].map((chat) => chat?.id),
        );
        expect(await ids([], 10)).toEqual([]);
        const { rows } = await ledger.closed(world.workspace, [world.support], 10);
        expect(rows).toEqual([
          { conversation: supported.now, preview: null, unread: 0, score: null },
        ]);
      });

      it("[LG26] finds a visitor's latest, an open one first", async () => {
        const visitor = fresh<VisitorId>();
        const latest = () => ledger.latestConversation(world.workspace, visitor);
        expect(await latest()).toBeNull();
        const begin = async () => {
          world.now += 1_000;
          const chat = world.chat(visitor);
          await chat.commits(chat.visitorActor, [chat.started(), chat.queued()]);
          return chat;
        };
        const old = await begin();
        await old.commits(system, [old.closed()]);
        const newer = await begin();
        expect(await latest()).toEqual(newer.now);
        await newer.commits(system, [newer.closed()]);
        expect(await latest()).toEqual(newer.now);
        await old.commits(system, [old.queued()]);
        expect(await latest()).toEqual(old.now);
      });
    });

    describe("keeps people and settings", () => {
      it("[LG30] sets a workspace up once, whole", async () => {
        const workspace = fresh<WorkspaceId>();
        expect(await ledger.isEmpty(workspace)).toBe(true);
        const seed = world.seed();
        await Promise.all([ledger.seed(workspace, seed), nodes.second.seed(workspace, seed)]);
        await ledger.seed(workspace, { ...seed, queues: [], sites: [], agents: [] });
        expect(await ledger.isEmpty(workspace)).toBe(false);
        expect(await ledger.sites(workspace)).toEqual([world.site]);
        expect(await ledger.queues(workspace)).toEqual([
          {
            id: world.sales,
            name: "Sales",
            version: 1,
            escalatesTo: world.support,
            stepSeconds: 30,
          },
          { id: world.support, name: "Support", version: 1, escalatesTo: null, stepSeconds: 1.5 },
        ]);
        const [bye, hi] = [seed.cannedReplies[1], seed.cannedReplies[0]];
        expect(await ledger.cannedReplies(workspace)).toEqual([bye, hi]);
        const nothing = { disabled: false, status: "away", lastAssignedAt: 0, used: 0 };
        expect(await ledger.agents(workspace)).toEqual(
          seed.agents
            .map(({ passwordHash: _, ...known }) => ({ ...known, ...nothing }))
            .sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
      });

      it("[LG31] declares a status once per command", async () => {
        const command = {
          id: fresh<CommandId>(),
          subject: { kind: "agent" as const, id: world.anna },
          sender: agent(world.anna),
          hash: "h",
        };
        const declare = (status: "online" | "away", hash: string, at: number, on = ledger) =>
          on.declareStatus(world.workspace, world.anna, status, { ...command, hash }, at);
        expect(await declare("online", "h", noon)).toEqual({ status: "committed", at: noon });
        expect(await held(world.anna)).toMatchObject({ status: "online" });
        const repeat = { status: "repeat", at: noon };
        expect(await declare("online", "h", noon + 5, nodes.second)).toEqual(repeat);
        expect(await declare("away", "other", noon + 5)).toEqual({ status: "bodyMismatch" });
        expect(await held(world.anna)).toMatchObject({ status: "online" });
        expect(await ledger.findCommand(world.workspace, command)).toMatchObject({
          at: noon,
          conversation: null,
        });
      });

      it("[LG32] makes one visitor of many tabs that arrive together", async () => {
        const { workspace, site } = world;
        expect(await ledger.visitorByToken(workspace, site.id, "t")).toBeNull();
        const made = await Promise.all(
          Array.from({ length: 20 }, (_, i) =>
            (i % 2 ? nodes.first : nodes.second).ensureVisitor(workspace, site.id, "t", {
              id: fresh<VisitorId>(),
              contact: fresh<string>(),
              locale: "pl",
              zone: "Europe/Warsaw",
              at: noon,
            }),
          ),
        );
        const known = await ledger.visitorByToken(workspace, site.id, "t");
        expect(known).toMatchObject({ site: site.id });
        for (const one of made) expect(one).toEqual(known);
        expect(await ledger.visitorByToken(workspace, fresh<SiteId>(), "t")).toBeNull();
      });

      it("[LG33] keeps console sessions until they end or expire", async () => {
        const { workspace, anna } = world;
        const open = (hash: string, at: number, expiresAt: number) =>
          ledger.createSession(workspace, { hash, agent: anna, at, expiresAt });
        await open("one", noon, noon + 100);
        expect(await ledger.session(workspace, "one", noon + 99)).toEqual({ agent: anna });
        expect(await ledger.session(workspace, "one", noon + 100)).toBeNull();
        await open("two", noon + 100, noon + 200);
        // Swept away with the sign-in: not even an older clock brings it back.
        expect(await ledger.session(workspace, "one", noon)).toBeNull();
        await ledger.endSession(workspace, "two");
        await ledger.endSession(workspace, "two");
        expect(await ledger.session(workspace, "two", noon + 100)).toBeNull();
      });

      it("[LG35] tells which of many sessions still let somebody in", async () => {
        const { workspace, anna, ben } = world;
        const open = (hash: string, agent: AgentId, expiresAt: number) =>
          ledger.createSession(workspace, { hash, agent, at: noon, expiresAt });
        await open("ended", anna, noon + 100);
        await open("expired", anna, noon + 10);
        await open("lives", ben, noon + 100);
        await ledger.endSession(workspace, "ended");
        const asked = ["ended", "expired", "lives", "never was"];
        const live = await nodes.second.liveSessions(workspace, asked, noon + 10);
        expect([...live]).toEqual(["lives"]);
        expect(await ledger.liveSessions(workspace, [], noon)).toEqual(new Set());
        expect(await ledger.liveSessions(fresh<WorkspaceId>(), asked, noon)).toEqual(new Set());
      });

      it("[LG34] finds credentials by e-mail address in any case", async () => {
        expect(await ledger.credentials(world.workspace, "ANNA@example.com")).toEqual({
          agent: world.anna,
          passwordHash: "scrypt$anna",
          disabled: false,
        });
        expect(await ledger.credentials(world.workspace, "nobody@example.com")).toBeNull();
      });
    });

    describe("keeps time and turns", () => {
      it("[LG40] tells the time and which log it is", async () => {
        const before = Date.now();
        const now = await ledger.now();
        expect(Number.isInteger(now)).toBe(true);
        expect(now).toBeGreaterThan(before - 1_000);
        expect(now).toBeLessThan(Date.now() + 1_000);
        expect(await ledger.logEpoch()).toBe(await nodes.second.logEpoch());
      });

      it("[LG41] gives a lease to one holder, with a fence that grows with each change", async () => {
        const name = fresh<string>();
        const first = await ledger.takeLease(name, "a", 60_000);
        expect(first).toMatchObject({ fence: 1 });
        expect(await nodes.second.takeLease(name, "b", 60_000)).toBeNull();
        const renewed = await ledger.takeLease(name, "a", 120_000);
        expect(renewed?.fence).toBe(1);
        expect(renewed?.until).toBeGreaterThan(first?.until ?? Number.NaN);
        await ledger.releaseLease(name, "b");
        expect(await ledger.takeLease(name, "b", 60_000)).toBeNull();
        await ledger.releaseLease(name, "a");
        expect(await ledger.takeLease(name, "b", 60_000)).toMatchObject({ fence: 2 });
      });

      it("[LG41] gives a lease that ran out to one of many", async () => {
        const name = fresh<string>();
        await ledger.takeLease(name, "a", 1);
        await setTimeout(5);
        const taken = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            (i % 2 ? nodes.first : nodes.second).takeLease(name, `holder ${i}`, 60_000),
          ),
        );
        expect(taken.filter((one) => one !== null)).toMatchObject([{ fence: 2 }]);
      });

      it("[LG43] knows the nodes that live and which of them are cut off", async () => {
        const { workspace } = world;
        const [a, b] = [fresh<string>(), fresh<string>()];
        await ledger.beatNode(workspace, { id: a, cutOff: false }, 60_000);
        await nodes.second.beatNode(workspace, { id: b, cutOff: true }, 60_000);
        const cutOff = { id: b, cutOff: true };
        expect(await ledger.nodes(workspace)).toEqual([{ id: a, cutOff: false }, cutOff]);
        await ledger.beatNode(workspace, { id: a, cutOff: false }, 0);
        expect(await ledger.nodes(workspace)).toEqual([cutOff]);
        await ledger.beatNode(workspace, { id: b, cutOff: false }, 30);
        expect(await nodes.second.nodes(workspace)).toEqual([{ id: b, cutOff: false }]);
        await setTimeout(60);
        expect(await ledger.nodes(workspace)).toEqual([]);
        expect(await ledger.nodes(fresh<WorkspaceId>())).toEqual([]);
      });

      it("[LG44] is another log from the start on at which something marked in it is missing", async () => {
        const beat = () =>
          ledger.beatNode(world.workspace, { id: fresh<string>(), cutOff: false }, 1_000);
        const epoch = await ledger.openLog([]);
        const first = await beat();
        expect(first.epoch).toBe(epoch);
        await world.waiting();
        const mark = await beat();
        expect(mark.beats).toBeGreaterThan(first.beats);
        // Nothing is missing: another start, marks of before, marks of another log.
        expect(await nodes.second.openLog([first, mark, { ...mark, epoch: "another" }])).toBe(
          epoch,
        );
        expect(await ledger.openLog([{ ...mark, beats: mark.beats + 1_000 }])).not.toBe(epoch);
        const next = await beat();
        const beyond = { ...next, beats: next.beats + 1_000 };
        const [one, two] = await Promise.all([
          ledger.openLog([beyond]),
          nodes.second.openLog([beyond]),
        ]);
        expect(one).toBe(two);
        expect(one).not.toBe(next.epoch);
        expect(await ledger.logEpoch()).toBe(one);
      });

      it("[LG42] hands out what is due once per lease, later after each attempt", async () => {
        const chat = await world.waiting();
        const { workspace } = world;
        const wake = (at: number | null, fence: number) => ({
          ...chat.change(system, [chat.noted("Wake me")]),
          due: [
            {
              kind: "wake" as const,
              subject: { kind: "conversation" as const, id: chat.id },
              at,
              fence,
            },
          ],
        });
        await chat.commit(wake(noon + 100, 1));
        const take = (now: number) => ledger.takeDue(workspace, now, 1_000, 10);
        expect(await take(noon + 99)).toEqual([]);
        const due = {
          kind: "wake",
          subject: { kind: "conversation", id: chat.id },
          at: noon + 100,
          fence: 1,
        };
        const both = [
          ...(await take(noon + 100)),
          ...(await nodes.second.takeDue(workspace, noon + 100, 1_000, 10)),
        ];
        expect(both).toEqual([{ ...due, attempts: 1 }]);
        expect(await take(noon + 1_099)).toEqual([]);
        expect(await take(noon + 1_100)).toEqual([{ ...due, attempts: 2 }]);
        expect(await take(noon + 3_099)).toEqual([]);
        const [third] = await take(noon + 3_100);
        // Moved while somebody worked on it: finishing the old one leaves the new one.
        await chat.commit(wake(noon + 9_000, 2));
        if (third) await ledger.finishDue(workspace, third);
        const [moved] = await take(noon + 9_000);
        expect(moved).toMatchObject({ at: noon + 9_000, fence: 2, attempts: 1 });
        if (moved) await ledger.finishDue(workspace, moved);
        expect(await take(noon + 999_000)).toEqual([]);
        await chat.commit(wake(noon + 10_000, 3));
        await chat.commit(wake(null, 4));
        expect(await take(noon + 999_000)).toEqual([]);
      });

      it("[LG42] takes the oldest first, no more than asked", async () => {
        const chats = await Promise.all(Array.from({ length: 3 }, () => world.waiting()));
        for (const [i, chat] of chats.entries()) {
          const subject = { kind: "conversation" as const, id: chat.id };
          const due = [{ kind: "wake" as const, subject, at: noon + 300 - i * 100, fence: 1 }];
          await chat.commit({ ...chat.change(system, [chat.noted("Wake me")]), due });
        }
        const taken = await ledger.takeDue(world.workspace, noon + 1_000, 1_000, 2);
        expect(taken.map(({ at }) => at)).toEqual([noon + 100, noon + 200]);
      });
    });

    it("[LG50] keeps workspaces apart", async () => {
      const chat = await world.waiting();
      await chat.commits(chat.visitorActor, [chat.said("Hello")]);
      await assign(chat, world.anna);
      const other = fresh<WorkspaceId>();
      expect(await ledger.conversation(other, chat.id)).toBeNull();
      expect(await ledger.events(other, chat.id, "supervisor", 0, 10)).toEqual([]);
      expect(await ledger.openConversations(other)).toEqual([]);
      expect(await ledger.heads(other, [chat.id])).toEqual(new Map());
      expect(await ledger.waiting(other, 10)).toEqual({ rows: [], total: 0 });
      expect((await ledger.mine(other, [world.anna], 10)).get(world.anna)?.total).toBe(0);
      expect(await ledger.agents(other)).toEqual([]);
      expect(await ledger.latestConversation(other, chat.visitor)).toBeNull();
      expect(await ledger.credentials(other, "anna@example.com")).toBeNull();
    });
  });
}
