import { describe, expect, it } from "vitest";
import type { AgentSession, Thread } from "#shared/client/agentSession.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { VisitorSession } from "#shared/client/visitorSession.ts";
import { seen } from "#shared/domain/visible.ts";
import type { AgentId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { hours, minutes, seconds } from "#shared/model/time.ts";
import { browser } from "./support/browser.ts";
import { type Client, setting } from "./support/setting.ts";

/** How many histories; more with FUZZ=… (`FUZZ=5000 npx vitest run test/client/fuzz.test.ts`). */
const histories = Number(process.env.FUZZ ?? 60);
const first = Number(process.env.SEED ?? 1);

type Said = { who: string; text: string };

/**
 * One history: two tabs of a visitor and two agents talk over a bad network through reloads, sleep,
 * restarts and restored backups; then the network heals and everybody must agree with the log.
 */
async function history(seed: number) {
  const { sim, server, faults, visitor, agent } = setting(seed);
  Object.assign(faults, {
    drop: sim.pick([0, 0.02, 0.15]),
    twice: sim.pick([0, 0.1]),
    delay: sim.pick([10, 300, 3_000]),
    refuseToConnect: sim.pick([0, 0.3]),
  });
  server.busy = sim.pick([0, 0.1]);
  const stores = { tab0: browser(), tab1: browser(), a1: browser(), a2: browser() };
  if (sim.chance(0.5)) stores.tab1 = stores.tab0;
  const tabs: Client<VisitorSession>[] = [visitor(stores.tab0), visitor(stores.tab1)];
  const names = ["a1", "a2"] as const;
  const agents: Client<AgentSession>[] = [agent("a1", stores.a1), agent("a2", stores.a2)];
  const open = new Map<Client<AgentSession>, Thread>();
  const said: Said[] = [];
  let count = 0;
  let backup = server.backup();

  const text = (who: string) => {
    said.push({ who, text: `${who} ${String(count++).padStart(4, "0")}` });
    return said.at(-1)?.text as string;
  };
  const wires = () => [...tabs, ...agents].map(({ wire }) => wire);

  function visitorActs(index: number) {
    const tab = tabs[index] as Client<VisitorSession>;
    const { session } = tab;
    const roll = sim.random();
    if (roll < 0.55) {
      if (session.timeline.value.length === 0 && !session.conversation.value) {
        session.start(sim.pick([null, "Vera"]), text(`tab${index}`));
      } else session.say(text(`tab${index}`));
    } else if (roll < 0.62) session.end();
    else if (roll < 0.7) session.read();
    else if (roll < 0.8) session.typing(sim.chance(0.7));
    else if (roll < 0.85 && session.conversation.value?.status === "closed") session.startNew();
    else if (roll < 0.9) {
      // A reload: what the page knew is gone, what it stored is not.
      tab.close();
      tabs[index] = visitor(index === 0 ? stores.tab0 : stores.tab1);
    }
  }

  function agentActs(index: number) {
    const client = agents[index] as Client<AgentSession>;
    const name = names[index] as "a1" | "a2";
    const { session } = client;
    const rows = [...session.mine.value.rows, ...session.waiting.value.rows];
    const roll = sim.random();
    const thread = open.get(client);
    if (!thread || roll < 0.15) {
      thread?.leave();
      const id = rows.length > 0 ? sim.pick(rows).conversation.id : null;
      if (id) open.set(client, session.thread(id));
      else open.delete(client);
    } else if (roll < 0.5) thread.say(text(name));
    else if (roll < 0.6) thread.note(text(name));
    else if (roll < 0.65) void thread.transfer("q2" as QueueId, sim.pick([null, "please"]));
    else if (roll < 0.7) void thread.close();
    else if (roll < 0.85) thread.read();
    else if (roll < 0.9) {
      open.delete(client);
      client.close();
      agents[index] = agent(name, stores[name]);
    }
  }

  function nature() {
    const roll = sim.random();
    if (roll < 0.4) server.assignWaiting(names as unknown as AgentId[]);
    else if (roll < 0.6) sim.pick(wires()).cut();
    else if (roll < 0.7) {
      const { world } = sim.pick([...tabs, ...agents]);
      world.setOnline(false);
      sim.after(sim.random() * minutes(2), () => world.setOnline(true));
    } else if (roll < 0.75) sim.pick([...tabs, ...agents]).world.wake();
    else if (roll < 0.8) server.staffed = !server.staffed;
    else if (roll < 0.85)
      server.silently(() => server.assignWaiting(names as unknown as AgentId[]));
    else if (roll < 0.88) for (const wire of wires()) wire.push("draining", { retryAfterMs: 800 });
    else if (roll < 0.9) backup = server.backup();
    else if (roll < 0.92) {
      server.restore(backup, `epoch-${sim.id()}`);
      for (const wire of wires()) wire.cut();
    }
  }

  const beat = () => {
    server.sendHeads();
    sim.after(seconds(15), beat);
  };
  beat();
  for (let step = 0; step < 150; step++) {
    const actor = sim.random();
    if (actor < 0.4) visitorActs(sim.chance(0.6) ? 0 : 1);
    else if (actor < 0.7) agentActs(sim.chance(0.5) ? 0 : 1);
    else nature();
    await sim.pass(sim.random() * sim.pick([5, 500, 5_000, 20_000]));
  }

  Object.assign(faults, { drop: 0, twice: 0, delay: 10, refuseToConnect: 0 });
  server.busy = 0;
  for (const { world } of [...tabs, ...agents]) world.setOnline(true);
  await sim.pass(minutes(3));
  server.beatLists();
  for (const { session } of tabs) session.read();
  await sim.pass(minutes(1));
  return { sim, server, tabs, agents, open, said, stores };
}

const committed = (rows: readonly TimelineRow[]) => rows.filter((row) => row.seq !== null);

describe("Over any network", () => {
  it.each(Array.from({ length: histories }, (_, index) => first + index))(
    "[C1][C4][C5][C6][C7][C8][C9] everybody ends up with the log, history %i",
    async (seed) => {
      const { sim, server, tabs, agents, open, said, stores } = await history(seed);
      const logs = [...server.conversations.values()].map(({ events }) => events);

      // What each screen shows is the log, in its order, for its audience.
      const views: {
        side: "visitor" | "agent";
        id: ConversationId;
        rows: readonly TimelineRow[];
        state: unknown;
      }[] = [];
      for (const { session } of tabs) {
        expect(session.connection.value).toBe("online");
        const id = session.conversation.value?.id;
        if (!id) continue;
        const { value: rows } = session.timeline;
        views.push({ side: "visitor", id, rows, state: session.conversation.value });
        expect(session.unread.value).toBe(0);
      }
      for (const { session } of agents) {
        expect(session.connection.value).toBe("online");
        const who = { side: "agent", agent: session.me.value?.id as AgentId } as const;
        expect(session.mine.value.rows).toEqual(server.listed("mine", who));
        expect(session.waiting.value.rows).toEqual(server.listed("waiting", who));
      }
      for (const { id, timeline, conversation } of open.values()) {
        if (server.conversations.has(id)) {
          views.push({ side: "agent", id, rows: timeline.value, state: conversation.value });
        }
      }
      for (const { side, id, rows, state } of views) {
        const log = server.seen(id, side);
        expect(committed(rows).map(({ key }) => key)).toEqual(
          log.map(({ cause, index }) => `${cause}:${index}`),
        );
        const whole = server.state(id);
        expect(state).toEqual(whole && seen(side, whole));
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
      }

      // Everything said is in the log exactly once, or says that it failed.
      const texts = logs
        .flat()
        .flatMap((event) =>
          event.kind === "message" || (event.kind === "note" && event.body.about === "note")
            ? [event.body.text]
            : [],
        );
      expect(new Set(texts).size).toBe(texts.length);
      const failed = new Map(
        Object.values(stores)
          .flatMap((store) => store.all())
          .flatMap(({ state, command }) =>
            state.is === "failed" && "text" in command ? [[command.text, state.failure?.code]] : [],
          ),
      );
      const lost = said.filter(({ text }) => !texts.includes(text) && !failed.has(text));
      expect(lost).toEqual([]);
      // A visitor is never told that something failed by what a network does.
      expect([...failed].filter(([text]) => text.startsWith("tab"))).toEqual([]);

      // In the order it was said. A restored backup may have put later words before repeated ones.
      if (server.logEpoch === "epoch-1") {
        for (const log of logs) {
          for (const who of ["tab0", "tab1", "a1", "a2"]) {
            const own = log.flatMap((event) =>
              event.kind === "message" && event.body.text.startsWith(who) ? [event.body.text] : [],
            );
            expect(own).toEqual([...own].sort());
          }
        }
      }

      // Nothing that should have been sent is still waiting.
      for (const store of Object.values(stores)) {
        expect(store.all().filter(({ state }) => state.is === "queued")).toEqual([]);
      }
      expect(sim.now()).toBeLessThan(Date.UTC(2026, 0, 5, 9) + hours(24));
    },
  );
});
