import { effect, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Actor } from "#shared/model/actor.ts";
import type { DeclaredStatus } from "#shared/model/agent.ts";
import { type Conversation, ownerOf } from "#shared/model/conversation.ts";
import type { AgentId, CommandId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import type { ListName } from "#shared/protocol/requests.ts";
import {
  type Accepted,
  type AgentWelcome,
  type Answer,
  agentNamespace,
  type ListRow,
  type Me,
} from "#shared/protocol/sockets.ts";
import { type ConnectionState, connection } from "./connection.ts";
import { type Followed, followed } from "./followed.ts";
import { type ListState, liveList } from "./liveList.ts";
import { outbox } from "./outbox.ts";
import {
  browserStore,
  type OutboxCommand,
  type OutboxEntry,
  type OutboxStore,
} from "./outboxStore.ts";
import { socketWire } from "./socketWire.ts";
import { commandOf, type TimelineRow } from "./timeline.ts";
import type { Wire } from "./wire.ts";
import { browserWorld, type World } from "./world.ts";

export type { ListState } from "./liveList.ts";

/** One conversation as the console follows it, until `leave`. */
export type Thread = {
  id: ConversationId;
  conversation: ReadonlySignal<Conversation | null>;
  timeline: ReadonlySignal<readonly TimelineRow[]>;
  /** All that had happened when it was opened is here. */
  ready: ReadonlySignal<boolean>;
  /** There is no such conversation, or none this agent may read. */
  missing: ReadonlySignal<boolean>;
  visitorTyping: ReadonlySignal<boolean>;
  say(text: string): void;
  note(text: string): void;
  /**
   * Goes after what was said before it. Offline, or when the connection is away for longer than a
   * blink, it is refused: who acts must see it done.
   */
  transfer(queue: QueueId, note: string | null): Promise<Answer<Accepted>>;
  close(): Promise<Answer<Accepted>>;
  /** Sends a failed row again, as a new command. */
  retry(key: string): void;
  /** Forgets a failed row. */
  discard(key: string): void;
  typing(on: boolean): void;
  /** The agent sees all there is. */
  read(): void;
  leave(): void;
};

/** Everything the console knows and can do live. */
export type AgentSession = {
  connection: ReadonlySignal<ConnectionState>;
  /** Why the connection was refused for good. */
  refusal: ReadonlySignal<Refusal | null>;
  welcome: ReadonlySignal<AgentWelcome | null>;
  me: ReadonlySignal<Me | null>;
  mine: ReadonlySignal<ListState>;
  waiting: ReadonlySignal<ListState>;
  /** Loaded and kept in step from the first `follow` on. */
  parked: ReadonlySignal<ListState>;
  closed: ReadonlySignal<ListState>;
  follow(list: "parked" | "closed"): void;
  /** How many agents are online in each queue. */
  online: ReadonlySignal<ReadonlyMap<QueueId, number>>;
  setStatus(status: DeclaredStatus): Promise<Answer<Accepted>>;
  thread(id: ConversationId): Thread;
  /** Tries to connect at once, instead of when it would. */
  reconnect(): void;
  dispose(): void;
};

export type AgentSessionOptions = {
  /** Origin of the server. */
  url: string;
  locale: string;
  zone: string;
  storage?: OutboxStore;
};

/** The console's session in a browser; the cookie says who it is. */
export function openAgentSession(options: AgentSessionOptions): AgentSession {
  const { url, locale, zone, storage = browserStore() } = options;
  const wire = socketWire(url, agentNamespace);
  return agentSession({ wire, world: browserWorld, store: storage, locale, zone });
}

/** How long a lost connection may take to come back before what somebody asks for is refused. */
const blink = seconds(5);

const nobody: Actor = { kind: "agent", id: "" as AgentId };

/** The session itself, with its surroundings handed in. */
export function agentSession(options: {
  wire: Wire;
  world: World;
  store: OutboxStore;
  locale: string;
  zone: string;
}): AgentSession {
  const { wire, world, store, locale, zone } = options;
  const me = signal<Me | null>(null);
  let actor = nobody;
  /** Followed while anybody holds them: an open thread, a row of the own list, an unsent command. */
  const threads = new Map<ConversationId, { followed: Followed; holders: Set<unknown> }>();
  let name: (sender: string) => void = () => {};
  const sender = new Promise<string>((known) => {
    name = known;
  });

  const link = connection<AgentWelcome>({ wire, world, locale, zone, ready });
  const box = outbox({
    world,
    link,
    store,
    sender,
    lane: (entry) => entry.conversation,
    fence: ({ command, conversation }) =>
      command.kind === "note" ? undefined : (threads.get(conversation)?.followed.fence() ?? null),
    acked: ({ conversation }, { seq }) => threads.get(conversation)?.followed.acked(seq),
  });
  const mine = liveList({ name: "mine", order: byAssignment, world, link });
  const waiting = liveList({ name: "waiting", order: byRank, world, link });
  const parked = liveList({ name: "parked", order: byUnanswered, world, link });
  const closed = liveList({ name: "closed", order: byClosing, world, link });
  const lists = { mine, waiting, parked, closed };
  const wanted = new Set<ListName>(["mine", "waiting"]);
  const online = signal<ReadonlyMap<QueueId, number>>(new Map());

  function hold(id: ConversationId, holder: unknown): Followed {
    const known = threads.get(id);
    known?.holders.add(holder);
    if (known) return known.followed;
    const fresh = followed({
      id,
      side: "agent",
      me: () => actor,
      takesPart: (conversation) => ownerOf(conversation) === actor.id,
      world,
      link,
      outbox: box,
    });
    threads.set(id, { followed: fresh, holders: new Set([holder]) });
    if (link.online()) fresh.resume(false);
    return fresh;
  }

  function release(id: ConversationId, holder: unknown) {
    const known = threads.get(id);
    if (!known?.holders.delete(holder) || known.holders.size > 0) return;
    threads.delete(id);
    known.followed.leave();
  }

  /** Makes `holder` hold exactly these. */
  function holdOnly(ids: Set<ConversationId>, holder: unknown) {
    for (const id of ids) hold(id, holder);
    for (const [id, { holders }] of [...threads]) {
      if (holders.has(holder) && !ids.has(id)) release(id, holder);
    }
  }

  function ready(welcome: AgentWelcome, newEpoch: boolean) {
    if (actor !== nobody && actor.id !== welcome.me.id) {
      // Somebody else signed in meanwhile: nothing unsent here may go out in their name.
      return link.refuse(refusal("unauthenticated"));
    }
    if (actor === nobody) {
      actor = { kind: "agent", id: welcome.me.id };
      name(`agent ${welcome.me.id}`);
      void box.load();
    }
    me.value = welcome.me;
    box.epoch(welcome.logEpoch);
    for (const { followed } of threads.values()) followed.resume(newEpoch);
    online.value = new Map(welcome.queues.map(({ id, online }) => [id, online]));
    for (const list of wanted) lists[list].ask();
    box.flush();
  }

  /** Whether there is a connection, waiting no longer than one that blinks is away. */
  function connected(): Promise<boolean> {
    if (link.online()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const later = world.after(blink, () => end(false));
      const stop = effect(() => {
        const state = link.state.value;
        if (state === "online") queueMicrotask(() => end(true));
        if (state === "offline" || state === "refused") queueMicrotask(() => end(false));
      });
      const end = (online: boolean) => {
        stop();
        later();
        resolve(online);
      };
    });
  }

  async function order(id: ConversationId, command: OutboxCommand): Promise<Answer<Accepted>> {
    if (!(await connected())) return { ok: false, refusal: refusal("unavailable") };
    return box.order(id, command);
  }

  /** Asked again under the same id when the answer was lost with its connection. */
  async function setStatus(status: DeclaredStatus): Promise<Answer<Accepted>> {
    const command = { id: world.id() as CommandId, kind: "presence", status } as const;
    const until = world.now() + blink;
    let answer: Answer<Accepted> = { ok: false, refusal: refusal("unavailable") };
    do {
      if (!(await connected())) break;
      answer = await link.ask("command", command);
    } while (
      !answer.ok &&
      answer.refusal.code === "unavailable" &&
      !link.online() &&
      world.now() < until
    );
    return answer;
  }

  link.on("events", ({ conversation, events }) =>
    threads.get(conversation)?.followed.events(events),
  );
  link.on("heads", ({ logEpoch, heads }) => {
    if (logEpoch !== link.epoch()) return link.probe();
    for (const head of heads) threads.get(head.conversation)?.followed.head(head);
  });
  link.on("typing", ({ conversation, by, on }) => {
    if (by === "visitor") threads.get(conversation)?.followed.typed(on);
  });
  link.on("patch", (patch) => lists[patch.list].patch(patch));
  link.on("present", ({ queues }) => {
    online.value = new Map([
      ...online.peek(),
      ...queues.map(({ id, online }) => [id, online] as const),
    ]);
  });
  link.on("me", (now) => {
    me.value = now;
  });

  // What the agent holds is followed all the time: it opens at once and its messages count as delivered.
  const endMine = effect(() => {
    holdOnly(new Set(mine.state.value.rows.map((row) => row.conversation.id)), mine);
  });
  // What is still to be said needs the conversation's fence.
  const endUnsent = effect(() => {
    holdOnly(new Set(box.entries.value.filter(unsent).map((entry) => entry.conversation)), box);
  });
  link.open();

  return {
    connection: link.state,
    refusal: link.refusal,
    welcome: link.welcome,
    me,
    mine: mine.state,
    waiting: waiting.state,
    parked: parked.state,
    closed: closed.state,
    follow(list) {
      if (wanted.has(list)) return;
      wanted.add(list);
      if (link.online()) lists[list].ask();
    },
    online,
    setStatus,
    thread(id) {
      const holder = {};
      const held = hold(id, holder);
      const { conversation, timeline, ready, missing, typing, say, type, read } = held;
      return {
        id,
        conversation,
        timeline,
        ready,
        missing,
        visitorTyping: typing,
        say,
        note: (text) => void box.add(id, { kind: "note", text }),
        transfer: (queue, note) =>
          order(id, { kind: "transfer", queue, ...(note !== null && { note }) }),
        close: () => order(id, { kind: "close" }),
        retry: (key) => box.retry(commandOf(key)),
        discard: (key) => box.discard(commandOf(key)),
        typing: type,
        read,
        leave: () => release(id, holder),
      };
    },
    reconnect: link.reconnect,
    dispose() {
      endMine();
      endUnsent();
      link.dispose();
    },
  };
}

const unsent = (entry: OutboxEntry): boolean => entry.state.is === "queued";

const byId = (a: ListRow, b: ListRow) => (a.conversation.id < b.conversation.id ? -1 : 1);
const since = ({ conversation }: ListRow) =>
  conversation.status === "assigned" ? conversation.since : conversation.at;
const byAssignment = (a: ListRow, b: ListRow) => since(a) - since(b) || byId(a, b);
const byUnanswered = ({ conversation: a }: ListRow, { conversation: b }: ListRow) =>
  (a.unansweredSince ?? a.queuedAt) - (b.unansweredSince ?? b.queuedAt) || (a.id < b.id ? -1 : 1);
const closedAt = ({ conversation }: ListRow) =>
  conversation.status === "closed" ? conversation.closedAt : conversation.at;
const byClosing = (a: ListRow, b: ListRow) => closedAt(b) - closedAt(a) || byId(b, a);
/** As they will be served: only the server knows what a queue's priorities are worth. */
const byRank = (a: ListRow, b: ListRow) =>
  (a.score ?? 0) - (b.score ?? 0) ||
  a.conversation.queuedAt - b.conversation.queuedAt ||
  byId(a, b);
