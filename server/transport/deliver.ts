import type { Namespace, Socket } from "socket.io";
import { visible } from "#shared/domain/visible.ts";
import type { ActorKind } from "#shared/model/actor.ts";
import type { Audience } from "#shared/model/audience.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Head, ServerToVisitor } from "#shared/protocol/sockets.ts";
import { type Desk, DeskUnavailable, type LogHead } from "../ports.ts";
import { emitEncoded } from "./emitEncoded.ts";
import { headFor } from "./headFor.ts";

/** Conversation events and signals, to everybody who follows the conversation, on every node. */
export type Delivery = {
  /**
   * Resolves once this node hears what other nodes publish for the conversation (decision 12).
   * While Redis is away it resolves at once; `complete` makes up for it.
   */
  join(socket: Socket, audience: Audience, conversation: ConversationId): Promise<void>;
  leave(socket: Socket, audience: Audience, conversation: ConversationId): Promise<void>;
  left(conversations: Iterable<ConversationId>): void;
  /** Begins the subscriptions that could not begin while Redis was away; answers whether all stand now. */
  complete(): Promise<boolean>;
  /**
   * For visitors without a socket: `hear` is told whenever theirs would be sent something. Resolves
   * as `join` does; the answer ends it.
   */
  listen(conversation: ConversationId, hear: Hear): Promise<() => void>;
  events(events: readonly ConversationEvent[]): void;
  typing(conversation: ConversationId, by: ActorKind, on: boolean): void;
  cursors(conversation: ConversationId, head: LogHead): void;
  /** To the visitors on this node only: each node knows the places of its own. */
  position(place: Place): void;
  /** Which conversations anybody on this node follows, per audience. */
  followed(audience: Audience): ConversationId[];
  emitHeads(audience: Audience, heads: readonly Head[], logEpoch: string): void;
};

export type TypingMessage = Parameters<ServerToVisitor["typing"]>[0];
export type Hear = (typing: TypingMessage | null) => void;
type Place = Parameters<ServerToVisitor["position"]>[0];

type Wire =
  | { node: string; kind: "events"; events: readonly ConversationEvent[] }
  | { node: string; kind: "typing"; conversation: ConversationId; by: ActorKind; on: boolean }
  | { node: string; kind: "cursors"; conversation: ConversationId; head: LogHead };

/** To a shard: `end` is there once it stands. */
type Subscription = {
  followers: number;
  end: (() => Promise<void>) | null;
  beginning: Promise<void> | null;
};

type Parts = {
  workspace: WorkspaceId;
  node: string;
  desk: Desk;
  logEpoch: string;
  visitors: Namespace;
  agents: Namespace;
  /** No other node is there to publish to. */
  alone(): boolean;
  /** This node comes late: signals are left out, so that messages come sooner. */
  lagging(): boolean;
  /** Another node committed these. */
  heardEvents(events: readonly ConversationEvent[]): void;
  warn(message: string, error: unknown): void;
};

const shards = 64;
/** UUIDv7's last digits are random, so they spread conversations evenly. */
const shardOf = (conversation: ConversationId): number =>
  Number.parseInt(conversation.slice(-4), 16) % shards;

export const roomOf = (audience: Audience, conversation: ConversationId): string =>
  `${audience}:${conversation}`;

export function createDelivery(parts: Parts): Delivery {
  const { workspace, node, desk, logEpoch, visitors, agents, alone, lagging, heardEvents, warn } =
    parts;
  const subscriptions = new Map<number, Subscription>();
  const listeners = new Map<ConversationId, Set<Hear>>();
  const wake = (conversation: ConversationId, typing: TypingMessage | null = null) => {
    for (const hear of listeners.get(conversation) ?? []) hear(typing);
  };

  const namespaceOf = (audience: Audience) => (audience === "visitor" ? visitors : agents);
  const audiences: readonly Audience[] = ["visitor", "agent", "supervisor"];

  function hear(message: string): void {
    const wire = JSON.parse(message) as Wire;
    if (wire.node === node) return;
    if (wire.kind === "events") heardEvents(wire.events);
    emit(wire);
  }

  async function follow(shard: number): Promise<void> {
    const known = subscriptions.get(shard) ?? { followers: 0, end: null, beginning: null };
    subscriptions.set(shard, known);
    known.followers += 1;
    try {
      await begin(shard, known);
    } catch (error) {
      if (error instanceof DeskUnavailable) return;
      unfollow(shard);
      throw error;
    }
  }

  /** Once at a time, so that all who follow meanwhile wait for the same. */
  function begin(shard: number, subscription: Subscription): Promise<void> {
    if (subscription.end) return Promise.resolve();
    subscription.beginning ??= subscribe(shard, subscription).finally(() => {
      subscription.beginning = null;
    });
    return subscription.beginning;
  }

  async function subscribe(shard: number, subscription: Subscription): Promise<void> {
    const end = await desk.subscribe(workspace, `fan:${shard}`, hear);
    // Nobody may follow any more.
    if (subscriptions.get(shard) === subscription) subscription.end = end;
    else await end();
  }

  function unfollow(shard: number): void {
    const known = subscriptions.get(shard);
    if (!known) return;
    known.followers -= 1;
    if (known.followers > 0) return;
    subscriptions.delete(shard);
    known.end?.().catch((error) => warn("unsubscribing failed", error));
  }

  function emit(wire: Wire): void {
    switch (wire.kind) {
      case "events":
        emitEvents(wire.events);
        break;
      case "typing": {
        const { conversation, by, on } = wire;
        for (const audience of audiences) {
          if ((audience === "visitor") === (by === "visitor")) continue;
          const room = roomOf(audience, conversation);
          namespaceOf(audience).to(room).volatile.emit("typing", { conversation, by, on });
        }
        if (by !== "visitor") wake(conversation, { conversation, by, on });
        break;
      }
      case "cursors": {
        const { conversation, head } = wire;
        for (const audience of audiences) {
          emitHeads(audience, [headFor(audience, conversation, head)], logEpoch);
        }
      }
    }
  }

  function emitEvents(events: readonly ConversationEvent[]): void {
    const conversation = events[0]?.conversation;
    if (!conversation) return;
    let whole: string | null = null;
    for (const audience of audiences) {
      const room = roomOf(audience, conversation);
      const namespace = namespaceOf(audience);
      if (!namespace.adapter.rooms.has(room)) continue;
      const shown = events.flatMap((event) => visible(audience, event) ?? []);
      if (shown.length === 0) continue;
      // An ordinary message is the same for all: it is turned into text once.
      const all = shown.length === events.length && shown.every((event, i) => event === events[i]);
      if (all) whole ??= JSON.stringify({ conversation, events });
      const text = all && whole ? whole : JSON.stringify({ conversation, events: shown });
      emitEncoded(namespace, room, "events", text);
    }
    wake(conversation);
  }

  function emitHeads(audience: Audience, heads: readonly Head[], epoch: string): void {
    const namespace = namespaceOf(audience);
    for (const head of heads) {
      const room = roomOf(audience, head.conversation);
      namespace.to(room).emit("heads", { logEpoch: epoch, heads: [head] });
      if (audience === "visitor") wake(head.conversation);
    }
  }

  /** Local sockets never wait for Redis; a publish that fails is healed by heads. */
  function tell(wire: Wire, conversation: ConversationId): void {
    emit(wire);
    if (alone()) return;
    desk
      .publish(workspace, `fan:${shardOf(conversation)}`, JSON.stringify(wire))
      .catch((error) => warn("publishing failed", error));
  }

  return {
    async join(socket, audience, conversation) {
      const room = roomOf(audience, conversation);
      if (socket.rooms.has(room)) return;
      await follow(shardOf(conversation));
      // Two joins may have waited side by side, and the socket may be gone by now.
      if (socket.disconnected || socket.rooms.has(room)) return unfollow(shardOf(conversation));
      await socket.join(room);
    },
    async leave(socket, audience, conversation) {
      const room = roomOf(audience, conversation);
      if (!socket.rooms.has(room)) return;
      await socket.leave(room);
      unfollow(shardOf(conversation));
    },
    left(conversations) {
      for (const conversation of conversations) unfollow(shardOf(conversation));
    },
    async complete() {
      const begun = [...subscriptions].map(([shard, one]) =>
        begin(shard, one).then(
          () => true,
          (error) => {
            warn("subscribing failed", error);
            return false;
          },
        ),
      );
      return (await Promise.all(begun)).every(Boolean);
    },
    async listen(conversation, hear) {
      const shard = shardOf(conversation);
      await follow(shard);
      const hearing = listeners.get(conversation) ?? new Set();
      listeners.set(conversation, hearing.add(hear));
      return () => {
        if (!hearing.delete(hear)) return;
        if (hearing.size === 0) listeners.delete(conversation);
        unfollow(shard);
      };
    },
    events(events) {
      const conversation = events[0]?.conversation;
      if (conversation) tell({ node, kind: "events", events }, conversation);
    },
    typing(conversation, by, on) {
      if (!lagging()) tell({ node, kind: "typing", conversation, by, on }, conversation);
    },
    cursors(conversation, head) {
      tell({ node, kind: "cursors", conversation, head }, conversation);
    },
    position(place) {
      visitors.to(roomOf("visitor", place.conversation)).emit("position", place);
      wake(place.conversation);
    },
    followed(audience) {
      const prefix = roomOf(audience, "" as ConversationId);
      const rooms = [...namespaceOf(audience).adapter.rooms.keys()]
        .filter((room) => room.startsWith(prefix))
        .map((room) => room.slice(prefix.length) as ConversationId);
      return audience === "visitor" ? [...new Set([...rooms, ...listeners.keys()])] : rooms;
    },
    emitHeads,
  };
}
