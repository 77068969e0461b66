import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Units } from "#shared/model/agent.ts";
import type { AgentId, ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import { hours, type Millis } from "#shared/model/time.ts";
import type {
  Absence,
  Floor,
  Inventory,
  LogMark,
  Place,
  Placed,
  QueuePosition,
  Reserved,
  Waiting,
} from "../ports.ts";
import { idOfLive, keys, liveMember, queuedAtOf, waitingMember } from "./keys.ts";
import type { Client } from "./link.ts";

/** Absences longer than this all count the same: never heard of. */
const rememberedMs = hours(24);

/** One Lua file with what it takes and gives, typed. Its header lists KEYS, ARGV and Output. */
export type Script<Input, Output> = {
  source: string;
  sha: string;
  keys: (workspace: WorkspaceId) => string[];
  args: (input: Input) => string[];
  reply: (raw: unknown) => Output;
};

/** Runs it by its hash; a Redis that doesn't know it yet (new, restarted, flushed) is given the source. */
export async function run<Input, Output>(
  client: Client,
  script: Script<Input, Output>,
  workspace: WorkspaceId,
  input: Input,
): Promise<Output> {
  const call = { keys: script.keys(workspace), arguments: script.args(input) };
  try {
    return script.reply(await client.evalSha(script.sha, call));
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return script.reply(await client.eval(script.source, call));
  }
}

export const scripts = {
  place: script<
    { conversation: ConversationId; seq: number; place: Place; tombstoneMs: Millis },
    "placed" | "stale"
  >("place", {
    keys: placement,
    args: ({ conversation, seq, place, tombstoneMs }) => [
      conversation,
      String(seq),
      String(tombstoneMs),
      ...placeArgs(conversation, place),
    ],
    reply: oneOf("placed", "stale"),
  }),

  floor: script<{ limit: number }, Floor>("floor", {
    keys: (w) => [
      keys.epoch(w),
      keys.places(w),
      keys.waiting(w),
      keys.units(w),
      keys.reserved(w),
      keys.reservedUntil(w),
      keys.live(w, "agent"),
    ],
    args: ({ limit }) => [String(limit)],
    reply: (raw) => {
      const [state, waiting, units, live] = raw as [string, string[], string[], string[]];
      return {
        state: state === "ready" ? "ready" : "rebuilding",
        waiting: pairs(waiting).map(([id, placement]) => waitingOf(id, placement)),
        used: new Map(pairs(units).map(([agent, used]) => [agent as AgentId, Number(used)])),
        live: new Set(live.map((member) => idOfLive(member) as AgentId)),
      };
    },
  }),

  inventory: script<object, Inventory>("inventory", {
    keys: (w) => [
      keys.epoch(w),
      keys.places(w),
      keys.waiting(w),
      keys.queue(w),
      keys.units(w),
      keys.reserved(w),
      keys.queues(w),
    ],
    args: () => [],
    reply: (raw) => {
      const [state, placed, whole] = raw as [string, string[], number];
      return {
        state: state === "ready" ? "ready" : "rebuilding",
        placed: pairs(placed).map(([id, placement]) => placedOf(id, placement)),
        whole: whole === 1,
      };
    },
  }),

  positions: script<{ conversations: readonly ConversationId[] }, (QueuePosition | null)[]>(
    "positions",
    {
      keys: (w) => [keys.places(w), keys.queue(w)],
      args: ({ conversations }) => [...conversations],
      reply: (raw) =>
        (raw as ([QueueId, number] | null)[]).map(
          (at) => at && { queue: at[0], position: at[1] + 1 },
        ),
    },
  ),

  reserve: script<
    {
      conversation: ConversationId;
      seq: number;
      agent: AgentId;
      units: Units;
      capacity: Units;
      length: Millis;
    },
    Reserved
  >("reserve", {
    keys: (w) => [
      keys.epoch(w),
      keys.places(w),
      keys.units(w),
      keys.reserved(w),
      keys.reservedUntil(w),
    ],
    args: ({ conversation, seq, agent, units, capacity, length }) =>
      [conversation, seq, agent, units, capacity, length].map(String),
    reply: oneOf("reserved", "gone", "full", "taken", "rebuilding"),
  }),

  release: script<{ conversation: ConversationId; agent: AgentId }, void>("release", {
    keys: (w) => [keys.units(w), keys.reserved(w), keys.reservedUntil(w)],
    args: ({ conversation, agent }) => [conversation, agent],
    reply: () => undefined,
  }),

  beat: {
    agent: beat("agent"),
    visitor: beat("visitor"),
  },
  gone: {
    agent: gone("agent"),
    visitor: gone("visitor"),
  },
  absence: {
    agent: absence("agent"),
    visitor: absence("visitor"),
  },

  markLog: script<LogMark, void>("markLog", {
    keys: (w) => [keys.logMark(w)],
    args: ({ epoch, beats }) => [epoch, String(beats)],
    reply: () => undefined,
  }),

  finishRebuild: script<{ epoch: string; tombstoneMs: Millis }, void>("finishRebuild", {
    keys: placement,
    args: ({ epoch, tombstoneMs }) => [epoch, String(tombstoneMs)],
    reply: () => undefined,
  }),
};

type Kind = "agent" | "visitor";

function liveness(kind: Kind) {
  return (w: WorkspaceId) => [keys.live(w, kind), keys.seen(w, kind)];
}

function beat(kind: Kind) {
  return script<{ id: string; connection: string; length: Millis }, void>("beat", {
    keys: liveness(kind),
    args: ({ id, connection, length }) => [
      liveMember(id, connection),
      String(length),
      id,
      String(rememberedMs),
    ],
    reply: () => undefined,
  });
}

function gone(kind: Kind) {
  return script<{ id: string; connection: string }, void>("gone", {
    keys: liveness(kind),
    args: ({ id, connection }) => [liveMember(id, connection), id],
    reply: () => undefined,
  });
}

function absence(kind: Kind) {
  return script<{ ids: readonly string[] }, Absence>("absence", {
    keys: (w) => [keys.epoch(w), keys.seen(w, kind), keys.live(w, kind)],
    args: ({ ids }) => [...ids],
    reply: (raw) => {
      const [at, knownFor, silent] = raw as [number, number, number[]];
      return { at, knownFor, silentFor: silent.map((ms) => (ms < 0 ? null : ms)) };
    },
  });
}

/** The keys of everything that may change when a conversation moves. */
function placement(w: WorkspaceId): string[] {
  return [
    keys.epoch(w),
    keys.places(w),
    keys.tombstone(w),
    keys.waiting(w),
    keys.queue(w),
    keys.units(w),
    keys.reserved(w),
    keys.reservedUntil(w),
    keys.queues(w),
  ];
}

function placeArgs(conversation: ConversationId, place: Place): string[] {
  switch (place.at) {
    case "queue":
      return [
        "q",
        place.queue,
        String(place.score),
        waitingMember(place.queuedAt, conversation),
        String(place.units),
      ];
    case "agent":
      return ["a", place.agent, String(place.units)];
    case "nowhere":
      return ["n"];
  }
}

function waitingOf(id: string, placement: string): Waiting {
  const { conversation, seq, place } = placedOf(id, placement);
  if (place.at !== "queue") throw new Error(`not a waiting conversation in Redis: ${placement}`);
  const { queue, score, queuedAt, units } = place;
  return { conversation, queue, score, queuedAt, seq, units };
}

/** Reads `seq q queue score member units epoch` or `seq a agent units epoch`. */
function placedOf(id: string, placement: string): Placed {
  const [seq, kind, whom, ...more] = placement.split(" ");
  const conversation = id as ConversationId;
  if (kind === "a" && whom) {
    const place = { at: "agent" as const, agent: whom as AgentId, units: Number(more[0]) };
    return { conversation, seq: Number(seq), place };
  }
  const [score, member, units] = more;
  if (kind !== "q" || !whom || !member) throw new Error(`no placement in Redis: ${placement}`);
  const place = {
    at: "queue" as const,
    queue: whom as Waiting["queue"],
    score: Number(score),
    queuedAt: queuedAtOf(member),
    units: Number(units),
  };
  return { conversation, seq: Number(seq), place };
}

function pairs(flat: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) result.push([flat[i] ?? "", flat[i + 1] ?? ""]);
  return result;
}

function oneOf<const Answer extends string>(...answers: Answer[]) {
  return (raw: unknown): Answer => {
    const answer = answers.find((candidate) => candidate === raw);
    if (answer === undefined) throw new Error(`unexpected answer from a Redis script: ${raw}`);
    return answer;
  };
}

function script<Input, Output>(
  name: string,
  row: Pick<Script<Input, Output>, "keys" | "args" | "reply">,
): Script<Input, Output> {
  const source = read(`./lua/${name}.lua`).replace(/^-- include (\w+)$/gm, (_, part: string) =>
    read(`./lua/parts/${part}.lua`),
  );
  return { ...row, source, sha: createHash("sha1").update(source).digest("hex") };
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
