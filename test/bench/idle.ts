import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuid } from "uuid";
import type { AgentId, ConversationId } from "#shared/model/ids.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import { familyOf, familySeconds, pin, secondsOf } from "./cpu.ts";
import { atLeast, atMost, median, type Report, rounded, slope } from "./figures.ts";
import { textOf } from "./floor.ts";
import {
  assignment,
  catchUp,
  follow,
  greetVisitor,
  inCrowds,
  ok,
  seatAgents,
  startChat,
} from "./people.ts";
import type { Say } from "./relay.ts";
import { type Measured, startBare, startParley } from "./servers.ts";
import { nativeStores, type Stores } from "./stores.ts";
import { connectWire, type Wire } from "./wire.ts";

/**
 * What people cost who do nothing, and what it takes when all of them come back at once: a visitor
 * against a bare Socket.IO connection, and five thousand resumes against as many bare connects.
 */
export async function idle({ say, full }: { say: Say; full: boolean }): Promise<Report> {
  const stores = await nativeStores(size);
  try {
    const returning = await resumeStorm(stores, full ? 7 : 3, say);
    const bare = await growth(startBare, bareVisitor, say, "bare connection");
    const greeted = await growth(() => startParley(stores), newVisitor(stores), say, "no chat");
    const following = await growth(
      () => startParley(stores),
      (server, index) => resume(server, stores, returning.chats[index]),
      say,
      "with a chat",
    );
    return {
      name: "idle",
      figures: [
        atMost(
          1.5,
          "memory of a visitor without a chat, against bare",
          greeted.rss / bare.rss,
          "×",
        ),
        atMost(1.5, "memory of a visitor with a chat, against bare", following.rss / bare.rss, "×"),
        atLeast(50, "resumes a second, against bare connects", returning.share * 100, "%"),
      ],
      context: {
        connections: size.visitors,
        memory: {
          what: "bytes of resident memory a connection, by least squares over 1,000 to 5,000, garbage collected before each reading",
          bare: { ...bare, is: "connected, in one room, one event answered" },
          withoutChat: { ...greeted, is: "new visitor: connected, hello answered" },
          withChat: {
            ...following,
            is: "known visitor: connected, hello answered, assigned chat joined and caught up",
          },
        },
        storm: returning.context,
      },
    };
  } finally {
    await stores.close();
  }
}

const size = { visitors: 5_000, agents: 50 };
const missed = 20;
/** Connecting at once: less than a listening socket's queue holds, or the kernel would be measured. */
const stormWidth = 256;
const settleMs = 1_500;

type Chat = { token: string; conversation: ConversationId; since: number };

// ------------------------------------------------------------------ coming back

async function resumeStorm(stores: Stores, rounds: number, say: Say) {
  const [parley, bare] = await Promise.all([startParley(stores), startBare()]);
  try {
    const chats = await chatsWithMissedMessages(parley, stores, say);
    await pin("0", [parley.pid, bare.pid]);
    await pin("1", [
      process.pid,
      ...(stores.postgres ? familyOf(stores.postgres) : []),
      ...(stores.redis ? [stores.redis] : []),
    ]);
    const taken: Record<"bare" | "parley", Storm>[] = [];
    for (let round = 0; round <= rounds; round++) {
      const one = {
        bare: await storm(bare, stores, (index) => bareVisitor(bare, index)),
        parley: await storm(parley, stores, (index) => resume(parley, stores, chats[index])),
      };
      // The first round runs code nobody has compiled yet.
      if (round > 0) taken.push(one);
      say(
        `storm ${round}/${rounds}: bare ${Math.round(one.bare.perSecond)}/s, ` +
          `Parley ${Math.round(one.parley.perSecond)}/s`,
      );
    }
    await pin("0,1", [process.pid, ...(stores.postgres ? familyOf(stores.postgres) : [])]);
    const middle = (of: (round: (typeof taken)[number]) => number) =>
      rounded(median(taken.map(of)));
    const summary = (who: "bare" | "parley") => ({
      perSecond: middle((round) => round[who].perSecond),
      serverUs: middle((round) => round[who].serverUs),
      postgresUs: middle((round) => round[who].postgresUs),
      generatorUs: middle((round) => round[who].generatorUs),
    });
    return {
      chats,
      share: median(taken.map((round) => round.parley.perSecond / round.bare.perSecond)),
      context: {
        visitors: chats.length,
        missedMessages: missed,
        connectingAtOnce: stormWidth,
        pinning:
          "server under measurement on processor 0; visitors, PostgreSQL and Redis on processor 1",
        bare: { ...summary("bare"), is: "connect, join a room, one event answered" },
        parley: { ...summary("parley"), is: "connect, hello, join, sync of what was missed" },
      },
    };
  } finally {
    await Promise.all([parley.end(), bare.end()]);
  }
}

/** Everybody has a chat with somebody, then everybody is gone while their agents write on. */
async function chatsWithMissedMessages(
  server: Measured,
  stores: Stores,
  say: Say,
): Promise<Chat[]> {
  const agents = await seatAgents(server, stores);
  const wireOf = new Map<AgentId, Wire>(agents.map(({ id, wire }) => [id, wire]));
  const chats = await inCrowds(stores.visitors, async (token, index) => {
    const wire = await greetVisitor(server, { site: stores.site, token });
    const conversation = await startChat(wire);
    const { agent, fence, seq } = await assignment(wire, conversation);
    wire.close();
    for (let n = 0; n < missed; n++) {
      const content = { type: "text", text: textOf(index, n) };
      const command = { id: uuid(), kind: "say", conversation, fence, content };
      await ok(wireOf.get(agent)?.ask<Answer<Accepted>>("command", command) ?? nobodyThere());
    }
    return { token, conversation, since: seq };
  });
  say(`${chats.length} visitors with a chat each, ${missed} messages waiting for every one`);
  for (const { wire } of agents) wire.close();
  return chats;
}

const nobodyThere = (): Promise<never> =>
  Promise.reject(new Error("an unknown agent was assigned"));

type Storm = { perSecond: number; serverUs: number; postgresUs: number; generatorUs: number };

/** All of them, as many at once as may be, until the last one has what it came for. */
async function storm(
  server: Measured,
  { postgres }: Stores,
  come: (index: number) => Promise<Wire>,
): Promise<Storm> {
  const look = () => ({
    at: performance.now() / 1_000,
    server: secondsOf([server.pid]),
    postgres: postgres ? familySeconds(postgres) : 0,
    generator: secondsOf([process.pid]),
  });
  const all = Array.from({ length: size.visitors }, (_, index) => index);
  const before = look();
  const wires = await inCrowds(all, come, stormWidth);
  const after = look();
  for (const wire of wires) wire.close();
  await sleep(settleMs);
  const each = (who: "server" | "postgres" | "generator") =>
    ((after[who] - before[who]) / all.length) * 1e6;
  return {
    perSecond: all.length / (after.at - before.at),
    serverUs: each("server"),
    postgresUs: each("postgres"),
    generatorUs: each("generator"),
  };
}

/** Back after a while: what was missed is asked for until nothing is. */
async function resume(server: Measured, stores: Stores, chat: Chat | undefined): Promise<Wire> {
  if (!chat) throw new Error("there are fewer chats than visitors");
  const wire = await greetVisitor(server, { site: stores.site, token: chat.token });
  if (wire.welcome.conversation !== chat.conversation) throw new Error("another chat was offered");
  const { head } = await follow(wire, chat.conversation);
  let since = chat.since;
  for (let more = true; more; ) {
    const page = await catchUp(wire, chat.conversation, since);
    since = page.events.at(-1)?.seq ?? since;
    more = page.more;
  }
  if (since !== head || since < chat.since + missed) throw new Error("messages are missing");
  return wire;
}

// ------------------------------------------------------------------ doing nothing

async function bareVisitor({ port }: Measured, index: number): Promise<Wire> {
  const auth = { rooms: [`room:${index}`] };
  const wire = await connectWire({ port, namespace: "/", auth });
  await wire.ask("hello", { protocol: 1 });
  return wire;
}

/** Somebody who opened a page and hasn't written: the server knows nothing of them but the connection. */
function newVisitor(stores: Stores): (server: Measured) => Promise<Wire> {
  const ticket = stores.ticket();
  return async (server) => {
    const token = randomBytes(32).toString("base64url");
    return greetVisitor(server, { site: stores.site, token, ticket: await ticket });
  };
}

const step = 1_000;

/** What a fresh server's memory grows by with each connection. */
async function growth(
  start: () => Promise<Measured>,
  come: (server: Measured, index: number) => Promise<Wire>,
  say: Say,
  what: string,
): Promise<{ rss: number; heap: number }> {
  const server = await start();
  const wires: Wire[] = [];
  const points: { x: number; rss: number; heap: number }[] = [];
  try {
    while (wires.length < size.visitors) {
      const more = Array.from({ length: step }, (_, index) => wires.length + index);
      wires.push(...(await inCrowds(more, (index) => come(server, index))));
      await sleep(settleMs);
      const { rss, heapUsed, external } = await server.memory();
      points.push({ x: wires.length, rss, heap: heapUsed + external });
    }
  } finally {
    for (const wire of wires) wire.close();
    await server.end();
  }
  const grown = {
    rss: rounded(slope(points.map(({ x, rss }) => ({ x, y: rss })))),
    heap: rounded(slope(points.map(({ x, heap }) => ({ x, y: heap })))),
  };
  say(
    `${what}: ${(grown.rss / 1_000).toFixed(1)} kB of memory, ${(grown.heap / 1_000).toFixed(1)} kB of heap`,
  );
  return grown;
}
