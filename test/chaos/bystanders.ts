import { randomBytes } from "node:crypto";
import { becomes } from "#server/demo/becomes.ts";
import { frameTicket } from "#server/demo/frameTicket.ts";
import { memoryStore } from "#server/demo/memoryStore.ts";
import { nodeWire } from "#server/demo/nodeWire.ts";
import type { Random } from "#server/demo/random.ts";
import { surroundings } from "#server/demo/surroundings.ts";
import { type AgentSession, agentSession, type Thread } from "#shared/client/agentSession.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import { type VisitorSession, visitorSession } from "#shared/client/visitorSession.ts";
import { seconds } from "#shared/model/time.ts";
import { agentNamespace, visitorNamespace } from "#shared/protocol/sockets.ts";
import type { Recorder } from "../support/history/record.ts";

/**
 * As many chats as there are nodes, each between a visitor on one node and an agent on the next: when
 * a node is in trouble, those that don't touch it are bystanders.
 */
export type Bystanders = {
  /** Each side says something and the other reads it, over and over, in chats that don't touch this node. */
  talkPast(node: number, forMs: number): Promise<Talk>;
  close(): void;
};

export type Talk = {
  /** Milliseconds from saying something to its acknowledgement, and until the other side had it. */
  acked: number[];
  heard: number[];
  /** What wasn't acknowledged or heard within the patience. */
  missed: string[];
};

export type BystandersOptions = {
  /** Where each node answers. */
  urls: readonly string[];
  origin: string;
  /** The session of an agent who is alone online and takes as many chats as there are nodes. */
  cookie: string;
  random: Random;
  watch: Recorder["watch"];
};

/** A chat that stands for longer has come to harm. */
const patience = seconds(5);
const pauseMs = 50;

type Side = {
  name: string;
  node: number;
  say(text: string): void;
  rows(): readonly TimelineRow[];
};

export async function seatBystanders(options: BystandersOptions): Promise<Bystanders> {
  const { urls, origin, cookie, random, watch } = options;
  const ending = new AbortController();
  const agents: AgentSession[] = [];
  const visitors: VisitorSession[] = [];
  const come = async (look: () => boolean, what: string) => {
    if (!(await becomes(look, seconds(30), ending.signal))) throw new Error(`${what} never came`);
  };

  for (const [index, url] of urls.entries()) {
    const page = { tab: `bystanding console ${index}`, side: "agent" as const, number: 1 };
    const wire = nodeWire(url, agentNamespace, { headers: { cookie, origin } });
    const session = agentSession({
      wire: watch.wire(page, wire),
      world: surroundings(random, 1),
      store: watch.store(page, memoryStore()),
      ...{ locale: "en", zone: "UTC" },
    });
    agents.push(session);
    await come(() => session.connection.value === "online", page.tab);
    const token = randomBytes(32).toString("base64url");
    const ticket = await frameTicket(url, "demo-shop", ending.signal);
    visitors.push(visitorOn(url, index, { site: "demo-shop", token, ticket }));
  }
  await agents[0]?.setStatus("online");

  function visitorOn(url: string, index: number, auth: Record<string, unknown>): VisitorSession {
    const page = { tab: `bystanding visitor ${index}`, side: "visitor" as const, number: 1 };
    const session = visitorSession({
      wire: watch.wire(page, nodeWire(url, visitorNamespace, { auth: () => auth })),
      world: surroundings(random, 1),
      store: watch.store(page, memoryStore()),
      sender: page.tab,
      tabs: () => ({ tell() {}, close() {} }),
      ...{ locale: "en", zone: "UTC" },
      page: () => "http://127.0.0.1/",
    });
    watch.shown(page, session);
    session.start(page.tab, "Hello");
    return session;
  }

  const chats: [Side, Side][] = [];
  for (const [index, session] of visitors.entries()) {
    const node = (index + 1) % urls.length;
    const agent = agents[node];
    if (!agent) throw new Error("every node has a console");
    await come(() => session.conversation.value?.status === "assigned", "an agent");
    const id = session.conversation.value?.id;
    if (!id) throw new Error("an assigned chat has an id");
    const thread: Thread = agent.thread(id);
    watch.shown({ tab: `bystanding console ${node}`, side: "agent", number: 1 }, thread);
    await come(() => thread.ready.value && thread.conversation.value !== null, "the thread");
    chats.push([
      {
        name: `visitor ${index}`,
        node: index,
        say: (text) => session.say(text),
        rows: () => session.timeline.value,
      },
      {
        name: `console ${node}`,
        node,
        say: (text) => thread.say(text),
        rows: () => thread.timeline.value,
      },
    ]);
  }

  let turns = 0;
  /** One says something; resolves when it is acknowledged and the other has it. */
  async function passes(from: Side, to: Side, talk: Talk): Promise<void> {
    turns += 1;
    const text = `${from.name} says ${turns}`;
    const began = performance.now();
    const stands = (side: Side) => () =>
      side.rows().some((row) => row.kind === "message" && row.text === text && row.seq !== null);
    const within = async (side: Side, took: number[], what: string) => {
      if (await becomes(stands(side), patience, ending.signal)) {
        took.push(performance.now() - began);
      } else talk.missed.push(`"${text}" was not ${what} within ${patience} ms`);
    };
    const done = Promise.all([
      within(from, talk.acked, "acknowledged"),
      within(to, talk.heard, `heard by ${to.name}`),
    ]);
    from.say(text);
    await done;
  }

  return {
    async talkPast(trouble, forMs) {
      const talk: Talk = { acked: [], heard: [], missed: [] };
      const past = chats.filter((chat) => chat.every(({ node }) => node !== trouble));
      const until = performance.now() + forMs;
      while (performance.now() < until) {
        for (const [visitor, agent] of past) {
          await passes(visitor, agent, talk);
          await passes(agent, visitor, talk);
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      return talk;
    },
    close() {
      ending.abort();
      for (const session of [...visitors, ...agents]) session.dispose();
    },
  };
}
