import type { Units } from "#shared/model/agent.ts";
import type { AgentId, ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { hours, type Instant, type Millis } from "#shared/model/time.ts";
import { byRank } from "../domain/rank.ts";
import {
  type Clock,
  type Desk,
  DeskUnavailable,
  type LogMark,
  type Place,
  type QueuePosition,
  type Return,
  type Waiting,
} from "../ports.ts";

/** The Desk in this process's memory, with doors for simulating what happens to a Redis. */
export type MemoryDesk = Desk & {
  /** Loses everything, as a Redis that restarted empty. */
  empty(): void;
  /** While away every call throws DeskUnavailable and what is published is lost; coming back is told. */
  setAway(away: boolean): void;
};

/** Absences longer than this all count the same: never heard of. */
const rememberedMs = hours(24);

type Placement = { seq: number; place: Exclude<Place, { at: "nowhere" }>; epoch: string | null };
type Reservation = { agent: AgentId; units: Units; until: Instant };

type Room = {
  epoch: { epoch: string; state: "ready" | "rebuilding" } | null;
  places: Map<ConversationId, Placement>;
  /** Seq with which a conversation left, and until when that is remembered. */
  tombstones: Map<ConversationId, { seq: number; until: Instant }>;
  reservations: Map<ConversationId, Reservation>;
  /** `agent:id:connection` → when it counts as gone. */
  live: Map<string, Instant>;
  /** `agent:id` → its last sign of life. */
  seen: Map<string, Instant>;
  /** Since when the epoch is ready. */
  readySince: Instant;
  mark: LogMark | null;
};

/** Keeps the same promises as the Desk in Redis (one contract suite holds both), on the clock handed in. */
export function memoryDesk(
  clock: Clock,
  { tombstoneMs = hours(24) }: { tombstoneMs?: Millis } = {},
): MemoryDesk {
  const rooms = new Map<WorkspaceId, Room>();
  const channels = new Map<string, Set<{ hear: (message: string) => void }>>();
  const returnHearers = new Set<{ hear: (what: Return) => void }>();
  let away = false;
  let lostAt = 0;

  /** Every call passes here: the workspace's data without what has run out. */
  function room(workspace: WorkspaceId): Room {
    reachable();
    const found = rooms.get(workspace) ?? emptyRoom();
    rooms.set(workspace, found);
    const now = clock.now();
    dropOverdue(found.reservations, ({ until }) => until <= now);
    dropOverdue(found.tombstones, ({ until }) => until <= now);
    dropOverdue(found.live, (until) => until <= now);
    dropOverdue(found.seen, (at) => at <= now - rememberedMs);
    return found;
  }

  function reachable() {
    if (away) throw new DeskUnavailable("the memory desk is away");
  }

  function leave({ places, tombstones, reservations }: Room, id: ConversationId, seq: number) {
    places.delete(id);
    reservations.delete(id);
    tombstones.set(id, { seq, until: clock.now() + tombstoneMs });
  }

  return {
    async place(workspace, conversation, seq, place) {
      const here = room(workspace);
      const known = here.places.get(conversation) ?? here.tombstones.get(conversation);
      if (known && known.seq > seq) return "stale";
      if (place.at === "nowhere") {
        leave(here, conversation, seq);
        return "placed";
      }
      here.tombstones.delete(conversation);
      here.places.set(conversation, { seq, place, epoch: here.epoch?.epoch ?? null });
      if (place.at === "agent") here.reservations.delete(conversation);
      return "placed";
    },

    async floor(workspace, limit) {
      const here = room(workspace);
      const waiting = inOrder(here).filter(
        ({ conversation }) => !here.reservations.has(conversation),
      );
      return {
        state: here.epoch?.state ?? "rebuilding",
        waiting: waiting.slice(0, limit),
        used: unitsUsed(here),
        live: new Set(
          [...here.live.keys()].flatMap((key) => {
            const [kind, id] = key.split(":");
            return kind === "agent" ? [id as AgentId] : [];
          }),
        ),
      };
    },

    async inventory(workspace) {
      const { epoch, places } = room(workspace);
      return {
        state: epoch?.state ?? "rebuilding",
        placed: [...places].map(([conversation, { seq, place }]) => ({
          conversation,
          seq,
          place: { ...place },
        })),
        whole: true,
      };
    },

    async positions(workspace, conversations) {
      const lengths = new Map<string, number>();
      const positions = new Map<ConversationId, QueuePosition>();
      for (const { conversation, queue } of inOrder(room(workspace))) {
        const position = (lengths.get(queue) ?? 0) + 1;
        lengths.set(queue, position);
        positions.set(conversation, { queue, position });
      }
      return conversations.map((conversation) => positions.get(conversation) ?? null);
    },

    async reserve(workspace, { conversation, seq, agent, units, capacity }, length) {
      const here = room(workspace);
      if (here.epoch?.state !== "ready") return "rebuilding";
      const placement = here.places.get(conversation);
      if (placement?.place.at !== "queue" || placement.seq !== seq) return "gone";
      if (here.reservations.has(conversation)) return "taken";
      if ((unitsUsed(here).get(agent) ?? 0) + units > capacity) return "full";
      here.reservations.set(conversation, { agent, units, until: clock.now() + length });
      return "reserved";
    },

    async release(workspace, conversation, agent) {
      const { reservations } = room(workspace);
      if (reservations.get(conversation)?.agent === agent) reservations.delete(conversation);
    },

    async beat(workspace, { kind, id, connection }, length) {
      const here = room(workspace);
      here.live.set(`${kind}:${id}:${connection}`, clock.now() + length);
      here.seen.set(`${kind}:${id}`, clock.now());
    },
    async gone(workspace, { kind, id, connection }) {
      const here = room(workspace);
      if (here.live.delete(`${kind}:${id}:${connection}`)) {
        here.seen.set(`${kind}:${id}`, clock.now());
      }
    },
    async absence(workspace, kind, ids) {
      const { epoch, readySince, seen, live } = room(workspace);
      const now = clock.now();
      const connected = new Set([...live.keys()].map(idOf));
      return {
        at: now,
        knownFor: epoch?.state === "ready" ? now - readySince : 0,
        silentFor: ids.map((id) => {
          const who = `${kind}:${id}`;
          if (connected.has(who)) return 0;
          const at = seen.get(who);
          return at === undefined ? null : now - at;
        }),
      };
    },

    async epoch(workspace) {
      const { epoch } = room(workspace);
      return epoch && { ...epoch };
    },
    async beginRebuild(workspace, epoch) {
      room(workspace).epoch = { epoch, state: "rebuilding" };
    },
    async finishRebuild(workspace, epoch) {
      const here = room(workspace);
      if (here.epoch?.epoch !== epoch) return;
      for (const [conversation, placement] of here.places) {
        if (placement.epoch !== epoch) leave(here, conversation, placement.seq);
      }
      here.epoch = { epoch, state: "ready" };
      here.readySince = clock.now();
    },

    async forget(workspace) {
      reachable();
      rooms.delete(workspace);
    },
    async markLog(workspace, mark) {
      const here = room(workspace);
      if (here.mark?.epoch === mark.epoch && here.mark.beats >= mark.beats) return;
      here.mark = { ...mark };
    },
    async logMark(workspace) {
      return structuredClone(room(workspace).mark);
    },

    async publish(workspace, channel, message) {
      reachable();
      // Not here and now: a publisher never waits for, nor runs inside, whoever hears it.
      queueMicrotask(() => {
        if (away) return;
        for (const { hear } of [...(channels.get(`${workspace}:${channel}`) ?? [])]) hear(message);
      });
    },
    async subscribe(workspace, channel, hear) {
      reachable();
      const name = `${workspace}:${channel}`;
      const hearers = channels.get(name) ?? new Set();
      channels.set(name, hearers);
      const hearer = { hear };
      hearers.add(hearer);
      return async () => {
        hearers.delete(hearer);
        if (hearers.size === 0 && channels.get(name) === hearers) channels.delete(name);
      };
    },

    onReturn(hear) {
      const hearer = { hear };
      returnHearers.add(hearer);
      return () => void returnHearers.delete(hearer);
    },
    async ping() {
      reachable();
    },
    async close() {
      away = true;
      channels.clear();
      returnHearers.clear();
    },

    empty() {
      rooms.clear();
    },
    setAway(now) {
      const back = away && !now;
      if (now && !away) lostAt = performance.now();
      away = now;
      if (!back) return;
      const since = lostAt;
      const what = { mayLack: true, lostFor: () => performance.now() - since };
      for (const { hear } of [...returnHearers]) hear(what);
    },
  };
}

const emptyRoom = (): Room => ({
  epoch: null,
  places: new Map(),
  tombstones: new Map(),
  reservations: new Map(),
  live: new Map(),
  seen: new Map(),
  readySince: 0,
  mark: null,
});

/** `kind:id` of `kind:id:connection`. */
const idOf = (connection: string): string => connection.slice(0, connection.lastIndexOf(":"));

function dropOverdue<Key, Value>(map: Map<Key, Value>, overdue: (value: Value) => boolean) {
  for (const [key, value] of map) if (overdue(value)) map.delete(key);
}

/** Everybody waiting, in the order they are served. */
function inOrder({ places }: Room): Waiting[] {
  const waiting = [...places].flatMap(([id, { seq, place }]) => {
    if (place.at !== "queue") return [];
    const { queue, score, queuedAt, units } = place;
    const waiting = { conversation: id, queue, score, queuedAt, seq, units };
    return [{ id, waiting, score, queuedAt }];
  });
  return waiting.sort(byRank).map((entry) => entry.waiting);
}

/** Held and reserved together. */
function unitsUsed({ places, reservations }: Room): Map<AgentId, Units> {
  const used = new Map<AgentId, Units>();
  const add = (agent: AgentId, units: Units) => used.set(agent, (used.get(agent) ?? 0) + units);
  for (const { place } of places.values()) if (place.at === "agent") add(place.agent, place.units);
  for (const { agent, units } of reservations.values()) add(agent, units);
  for (const [agent, units] of used) if (units === 0) used.delete(agent);
  return used;
}
