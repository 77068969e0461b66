import { batch, computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId, VisitorId } from "#shared/model/ids.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import {
  type ServerToVisitor,
  type VisitorWelcome,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import { type ConnectionState, connection } from "./connection.ts";
import { type Followed, followed } from "./followed.ts";
import { type Elsewhere, outbox } from "./outbox.ts";
import {
  browserStore,
  type OutboxCommand,
  type OutboxEntry,
  type OutboxStore,
} from "./outboxStore.ts";
import { socketWire } from "./socketWire.ts";
import { browserTabs, type Tabs } from "./tabs.ts";
import { commandOf, type TimelineRow } from "./timeline.ts";
import type { Wire } from "./wire.ts";
import { browserWorld, type World } from "./world.ts";

/** Everything the widget knows and can do. */
export type VisitorSession = {
  connection: ReadonlySignal<ConnectionState>;
  /** Why the connection was refused for good. */
  refusal: ReadonlySignal<Refusal | null>;
  welcome: ReadonlySignal<VisitorWelcome | null>;
  /** Whether somebody could answer now: in the queue the conversation waits in, or else a new chat. */
  staffed: ReadonlySignal<boolean>;
  /** The visitor's one conversation; null before the first message was taken and after `startNew`. */
  conversation: ReadonlySignal<Conversation | null>;
  timeline: ReadonlySignal<readonly TimelineRow[]>;
  position: ReadonlySignal<number | null>;
  agentTyping: ReadonlySignal<boolean>;
  /** Agents' messages the visitor has not read. */
  unread: ReadonlySignal<number>;
  start(name: string | null, text: string): void;
  say(text: string): void;
  end(): void;
  /** Sends a failed row again, as a new command. */
  retry(key: string): void;
  typing(on: boolean): void;
  /** The visitor sees all there is. */
  read(): void;
  /** Leaves a closed conversation behind; the next message starts another. */
  startNew(): void;
  /** Tries to connect at once, instead of when it would. */
  reconnect(): void;
  dispose(): void;
};

export type VisitorSessionOptions = {
  /** Origin of the server. */
  url: string;
  site: string;
  /** Proves that the frame was embedded by the site; looked at until the token is known. */
  ticket: string;
  token: string;
  locale: string;
  zone: string;
  page(): string;
  storage?: OutboxStore;
};

/** The widget's session in a browser. */
export function openVisitorSession(options: VisitorSessionOptions): VisitorSession {
  const { url, site, token, ticket, locale, zone, page, storage = browserStore() } = options;
  const caller = { url, site, token, ticket, locale, zone };
  const over = new AbortController();
  const session = visitorSession({
    wire: socketWire(
      url,
      visitorNamespace,
      () => ({ site, token, ticket }),
      (wire, tell) =>
        // Seldom needed, so fetched only then; what can't be fetched now is tried at the next failure.
        void import("./pollWire.ts").then(
          ({ standIn }) => standIn(wire, tell, caller, over.signal),
          () => {},
        ),
    ),
    world: browserWorld,
    store: storage,
    // Tells visitors apart in this browser's storage; what is left of the token stays unguessable.
    sender: `visitor ${site} ${token.slice(0, 12)}`,
    tabs: browserTabs,
    locale,
    zone,
    page,
  });
  return {
    ...session,
    dispose() {
      over.abort();
      session.dispose();
    },
  };
}

type Place = Parameters<ServerToVisitor["position"]>[0];

const nobody: Actor = { kind: "visitor", id: "" as VisitorId };

/** The session itself, with its surroundings handed in. */
export function visitorSession(options: {
  wire: Wire;
  world: World;
  store: OutboxStore;
  sender: string;
  tabs(name: string, hear: (conversation: string) => void): Tabs;
  locale: string;
  zone: string;
  page(): string;
}): VisitorSession {
  const { wire, world, store, sender, locale, zone } = options;
  const staffed = signal(false);
  const place = signal<Place | null>(null);
  const chat = signal<Followed | null>(null);
  const conversation = computed(() => chat.value?.conversation.value ?? null);
  const waiting = computed(() => {
    const now = conversation.value;
    const known = place.value;
    return now?.status === "queued" && known?.conversation === now.id ? known : null;
  });
  /** The closed conversation the visitor turned away from: the server still calls it the latest. */
  let left: ConversationId | null = null;
  let me = nobody;
  /** Where the words meant for a conversation went instead. */
  const movedTo = new Map<ConversationId, ConversationId>();

  const link = connection<VisitorWelcome>({ wire, world, locale, zone, ready });
  const box = outbox({
    world,
    link,
    store,
    sender: Promise.resolve(sender),
    // One conversation at a time, so one lane: what comes after an end waits for it.
    lane: () => "",
    fence: () => undefined,
    elsewhere,
    acked({ conversation: id, command }, { seq }) {
      if (command.kind === "start") {
        begun(id);
        tabs.tell(id);
      }
      shown(id)?.acked(seq);
    },
  });

  function shown(id: ConversationId): Followed | null {
    const now = chat.peek();
    return now?.id === id ? now : null;
  }

  function show(id: ConversationId): Followed {
    const now = shown(id);
    if (now) return now;
    chat.peek()?.leave();
    const next = followed({
      id,
      side: "visitor",
      me(state) {
        if (state && state.visitor !== me.id) me = { kind: "visitor", id: state.visitor };
        return me;
      },
      takesPart: () => true,
      world,
      link,
      outbox: box,
    });
    chat.value = next;
    return next;
  }

  /** The one on this page when it has something to send, else the server's latest. */
  function ready(welcome: VisitorWelcome, newEpoch: boolean) {
    staffed.value = welcome.staffed;
    box.epoch(welcome.logEpoch);
    const sending = box.entries.peek().findLast(unsent);
    const id = sending?.conversation ?? welcome.conversation;
    if (id && id !== left) show(id);
    chat.peek()?.resume(newEpoch);
    box.flush();
  }

  function elsewhere({ conversation: from, command }: OutboxEntry, why: Refusal): Elsewhere | null {
    if (why.code === "moved" && why.conversation) {
      movedTo.set(from, why.conversation);
      show(why.conversation).resume(false);
      return { to: why.conversation };
    }
    const known = movedTo.get(from);
    const lost = why.code === "not_found" && command.kind === "say";
    if (command.kind === "end" || !(lost || why.startNew)) return null;
    if (known) return { to: known };
    const name = conversation.peek()?.name ?? null;
    // A restored server may have lost the conversation, and another tab the beginning of it.
    if (lost) return { to: from, start: starting(name) };
    // It began and ended before; what was said in it may be there too, and is asked for first.
    if (command.kind === "start") return { to: from };
    const to = world.id() as ConversationId;
    movedTo.set(from, to);
    show(to);
    return { to, start: starting(name) };
  }

  const starting = (name: string | null): OutboxCommand => ({
    kind: "start",
    ...(name && { name }),
    page: options.page(),
  });

  function start(name: string | null, text: string) {
    const to = world.id() as ConversationId;
    batch(() => {
      show(to);
      box.add(to, starting(name));
      box.add(to, { kind: "say", text });
    });
  }

  link.on("events", ({ conversation: id, events }) => {
    shown(id)?.events(events);
  });
  link.on("heads", ({ logEpoch, heads }) => {
    if (logEpoch !== link.epoch()) return link.probe();
    for (const head of heads) shown(head.conversation)?.head(head);
  });
  link.on("typing", ({ conversation: id, by, on }) => {
    if (by !== "visitor") shown(id)?.typed(on);
  });
  link.on("position", (message) => {
    place.value = message;
  });
  link.on("staffed", (message) => {
    staffed.value = message.staffed;
  });

  /** By another tab, or on its behalf. It takes the place of nothing and of what is closed, never of what is open. */
  function begun(id: ConversationId) {
    if (chat.peek() && conversation.peek()?.status !== "closed") return;
    show(id).resume(false);
  }

  const tabs = options.tabs(sender, (id) => begun(id as ConversationId));
  void box.load().then(() => {
    const sending = box.entries.peek().findLast(unsent);
    if (sending && !chat.peek()) show(sending.conversation);
    link.open();
  });

  return {
    connection: link.state,
    refusal: link.refusal,
    welcome: link.welcome,
    staffed: computed(() => waiting.value?.staffed ?? staffed.value),
    conversation,
    timeline: computed(() => chat.value?.timeline.value ?? []),
    position: computed(() => waiting.value?.position ?? null),
    agentTyping: computed(() => chat.value?.typing.value ?? false),
    unread: computed(() => chat.value?.unread.value ?? 0),
    start,
    say(text) {
      const now = chat.peek();
      if (now) now.say(text);
      else start(null, text);
    },
    end() {
      const now = chat.peek();
      if (now) box.add(now.id, { kind: "end" });
    },
    retry: (key) => box.retry(commandOf(key)),
    typing: (on) => chat.peek()?.type(on),
    read: () => chat.peek()?.read(),
    startNew() {
      left = chat.peek()?.id ?? null;
      chat.peek()?.leave();
      chat.value = null;
    },
    reconnect: link.reconnect,
    dispose() {
      link.dispose();
      tabs.close();
    },
  };
}

const unsent = (entry: OutboxEntry): boolean => entry.state.is === "queued";
