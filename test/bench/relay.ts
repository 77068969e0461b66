import { bareFloor } from "./bareFloor.ts";
import { familyOf, pin } from "./cpu.ts";
import { atLeast, atMost, median, percentile, type Report, rounded } from "./figures.ts";
import type { Floor } from "./floor.ts";
import { paced, type Stretch, saturate, sentOver } from "./load.ts";
import { parleyFloor } from "./parleyFloor.ts";
import { type Measured, startBare, startParley } from "./servers.ts";
import { embeddedStores, nativeStores, type Stores } from "./stores.ts";

/**
 * What the log costs: a message that was decided, committed, acknowledged and delivered, against the
 * same message over a bare Socket.IO relay. The two take turns, round by round, in one run.
 */
export async function relay({ say, full }: { say: Say; full: boolean }): Promise<Report> {
  const length = full ? lengths.full : lengths.default;
  const native = await onStores(nativeStores, say, async (scene) => {
    await pinned(scene);
    const apart = await rounds(scene, length, say, "pinned");
    const consoles = await withConsoles(scene, length, say);
    await unpinned(scene);
    const together = await rounds(scene, { ...length, rounds: length.contextRounds }, say, "free");
    return { pinned: apart, consoles, unpinned: together };
  });
  const embedded = await onStores(embeddedStores, say, async (scene) => {
    await unpinned(scene);
    return rounds(scene, { ...length, rounds: length.contextRounds }, say, "embedded");
  });
  const { ratios } = native.pinned;
  return {
    name: "relay",
    figures: [
      atMost(2.5, "server CPU per durable message, against bare", ratios.cpu, "×"),
      atLeast(25, "throughput at saturation, against bare", ratios.throughput * 100, "%"),
      atMost(3, "p99 send → ack at 60 % load, against bare", ratios.ack99, "×"),
      atMost(3, "p99 send → delivered at 60 % load, against bare", ratios.delivered99, "×"),
    ],
    context: { shape, pinning, lengths: length, native, embedded },
  };
}

export type Say = (line: string) => void;

/** A visitor each, four chats an agent: what the default capacity makes of a busy floor. */
const size = { visitors: 200, agents: 50 };
const shape = { pairs: size.visitors, agentSockets: size.agents, characters: 120 };
const pinning = {
  pinned: "server under measurement on processor 0; load, PostgreSQL and Redis on processor 1",
  unpinned: "all of them on processors 0 and 1",
  embedded: "unpinned; the stores are threads of the server",
};

type Lengths = { rounds: number; contextRounds: number; warmUpMs: number; forMs: number };
const lengths: Record<"default" | "full", Lengths> = {
  default: { rounds: 5, contextRounds: 2, warmUpMs: 1_500, forMs: 4_000 },
  full: { rounds: 9, contextRounds: 5, warmUpMs: 3_000, forMs: 10_000 },
};
/** A fresh process runs code nobody has compiled yet; these many seconds are nobody's figures. */
const firstWarmUpMs = 8_000;

type Scene = { stores: Stores; bare: Side; parley: Side & { floor: ParleyLike } };
type ParleyLike = Awaited<ReturnType<typeof parleyFloor>>;
type Side = { server: Measured; floor: Floor };

async function onStores<T>(
  open: (of: typeof size) => Promise<Stores>,
  say: Say,
  run: (scene: Scene) => Promise<T>,
): Promise<T> {
  const stores = await open(size);
  say(`${stores.kind} stores: ${size.visitors} visitors, ${size.agents} agents`);
  const [server, relayed] = await Promise.all([startParley(stores), startBare()]);
  const floors: Floor[] = [];
  try {
    const bare = {
      server: relayed,
      floor: await bareFloor(relayed, { pairs: size.visitors, agents: size.agents }),
    };
    const parley = { server, floor: await parleyFloor(server, stores) };
    floors.push(bare.floor, parley.floor);
    for (const floor of floors) {
      await saturate(floor, null, { warmUpMs: firstWarmUpMs, forMs: 500 });
    }
    const result = await run({ stores, bare, parley });
    await provenHeld(parley.floor);
    return result;
  } finally {
    // Before their servers: a connection cut by a server is an error of its own, and would hide ours.
    for (const floor of floors) floor.close();
    await Promise.all([server.end(), relayed.end()]);
    await stores.close();
  }
}

/** Fast is nothing if it isn't in the log. */
async function provenHeld(floor: Floor): Promise<void> {
  const [held, sent] = [await floor.held(), sentOver(floor)];
  if (held !== sent) throw new Error(`${sent} messages were sent, the log holds ${held}`);
}

async function pinned({ stores, bare, parley }: Scene): Promise<void> {
  await pin("0", [bare.server.pid, parley.server.pid]);
  await pin("1", beside(stores));
}

async function unpinned({ stores, bare, parley }: Scene): Promise<void> {
  await pin("0,1", [bare.server.pid, parley.server.pid, ...beside(stores)]);
}

const beside = ({ postgres, redis }: Stores): number[] => [
  process.pid,
  ...(postgres ? familyOf(postgres) : []),
  ...(redis ? [redis] : []),
];

/** One server's turn: as fast as it goes, then at shares of that. */
type Turn = { saturated: Stretch; throughput: number; loads: Load[] };
type Load = {
  share: number;
  rate: number;
  cost: Stretch["cost"];
  ack: { p50: number; p99: number };
  delivered: { p50: number; p99: number };
};

async function rounds(scene: Scene, length: Lengths, say: Say, what: string) {
  const taken: Record<"bare" | "parley", Turn>[] = [];
  for (let round = 1; round <= length.rounds; round++) {
    const bare = await turn(scene.bare.floor, null, length);
    const parley = await turn(scene.parley.floor, scene.stores, length);
    taken.push({ bare, parley });
    say(`${what} ${round}/${length.rounds}: ${line("bare", bare)}; ${line("parley", parley)}`);
  }
  const ratio = (of: (turn: Turn) => number) =>
    median(taken.map(({ bare, parley }) => of(parley) / of(bare)));
  const busiest = (turn: Turn) => turn.loads.at(-1);
  return {
    bare: summary(taken.map(({ bare }) => bare)),
    parley: summary(taken.map(({ parley }) => parley)),
    ratios: {
      cpu: ratio((turn) => turn.saturated.cost.server),
      throughput: ratio((turn) => turn.throughput),
      ack99: ratio((turn) => busiest(turn)?.ack.p99 ?? 0),
      delivered99: ratio((turn) => busiest(turn)?.delivered.p99 ?? 0),
    },
  };
}

async function turn(floor: Floor, stores: Stores | null, length: Lengths): Promise<Turn> {
  const saturated = await saturate(floor, stores, length);
  const throughput = saturated.messages / saturated.seconds;
  const loads: Load[] = [];
  for (const share of [0.3, 0.6]) {
    const rate = throughput * share;
    const { cost, latencies } = await paced(floor, stores, { ...length, rate });
    const of = (sample: number[]) => ({
      p50: percentile(sample, 0.5),
      p99: percentile(sample, 0.99),
    });
    loads.push({ share, rate, cost, ack: of(latencies.ack), delivered: of(latencies.delivered) });
  }
  return { saturated, throughput, loads };
}

const line = (name: string, { throughput, saturated, loads }: Turn): string =>
  `${name} ${Math.round(throughput)}/s, ${saturated.cost.server.toFixed(1)} µs, ` +
  `p99 ${loads.map(({ delivered }) => delivered.p99.toFixed(1)).join(" and ")} ms`;

/** The medians over all rounds. */
function summary(turns: readonly Turn[]) {
  const middle = (of: (turn: Turn) => number) => rounded(median(turns.map(of)));
  const costs = (of: (turn: Turn) => Stretch["cost"] | undefined) => ({
    serverUs: middle((turn) => of(turn)?.server ?? 0),
    postgresUs: middle((turn) => of(turn)?.postgres ?? 0),
    redisUs: middle((turn) => of(turn)?.redis ?? 0),
    generatorUs: middle((turn) => of(turn)?.generator ?? 0),
  });
  return {
    saturation: {
      messagesPerSecond: middle((turn) => turn.throughput),
      cpuPerMessage: costs((turn) => turn.saturated.cost),
      busy: {
        server: middle((turn) => turn.saturated.busy.server),
        generator: middle((turn) => turn.saturated.busy.generator),
        processor0: middle((turn) => turn.saturated.busy.processors[0] ?? 0),
        processor1: middle((turn) => turn.saturated.busy.processors[1] ?? 0),
        notOurs: middle((turn) => turn.saturated.busy.others),
      },
      limitedBy: turns.map(({ saturated }) => bottleneck(saturated)),
    },
    loads: (turns[0]?.loads ?? []).map(({ share }, i) => ({
      share,
      messagesPerSecond: middle((turn) => turn.loads[i]?.rate ?? 0),
      cpuPerMessage: costs((turn) => turn.loads[i]?.cost),
      ackMs: {
        p50: middle((turn) => turn.loads[i]?.ack.p50 ?? 0),
        p99: middle((turn) => turn.loads[i]?.ack.p99 ?? 0),
      },
      deliveredMs: {
        p50: middle((turn) => turn.loads[i]?.delivered.p50 ?? 0),
        p99: middle((turn) => turn.loads[i]?.delivered.p99 ?? 0),
      },
    })),
  };
}

/** A server's own limit is only seen while it, and nothing else, keeps a processor busy. */
function bottleneck({
  busy,
}: Stretch): "server" | "generator" | "processor beside" | "nothing full" {
  const full = 0.92;
  if (busy.server > full) return "server";
  if (busy.generator > full) return "generator";
  return (busy.processors[1] ?? 0) > full ? "processor beside" : "nothing full";
}

/** The same with consoles that have their lists open and send receipts: what a floor of people costs. */
async function withConsoles({ stores, parley }: Scene, length: Lengths, say: Say) {
  const closeConsoles = await parley.floor.openConsoles();
  const taken: Turn[] = [];
  for (let round = 0; round < length.contextRounds; round++) {
    taken.push(await turn(parley.floor, stores, length));
  }
  closeConsoles();
  for (const one of taken) say(`with consoles: ${line("parley", one)}`);
  return summary(taken);
}
