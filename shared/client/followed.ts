import { computed, type ReadonlySignal, signal } from "@preact/signals-core";
import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Cursors, Head } from "#shared/protocol/sockets.ts";
import { backoff } from "./backoff.ts";
import type { Link } from "./connection.ts";
import { log, type Side } from "./log.ts";
import type { Outbox } from "./outbox.ts";
import { receipts } from "./receipts.ts";
import { type TimelineRow, timeline } from "./timeline.ts";
import { typingIn, typingOut } from "./typing.ts";
import type { World } from "./world.ts";

/** One conversation kept in step with the server's log, seen from one side. */
export type Followed = {
  id: ConversationId;
  conversation: ReadonlySignal<Conversation | null>;
  timeline: ReadonlySignal<readonly TimelineRow[]>;
  /** Caught up once since it was opened. */
  ready: ReadonlySignal<boolean>;
  /** The server has no such conversation for us: not yet, or not at all. */
  missing: ReadonlySignal<boolean>;
  /** What the next command is sent with; null until caught up with the server and with our own commands. */
  fence(): number | null;
  /** The other side is typing. */
  typing: ReadonlySignal<boolean>;
  /** Messages of the other side this side hasn't read. */
  unread: ReadonlySignal<number>;
  say(text: string): void;
  type(on: boolean): void;
  read(): void;
  /** A command of ours was taken as this seq. */
  acked(seq: number): void;
  events(events: readonly ConversationEvent[]): void;
  head(head: Head): void;
  typed(on: boolean): void;
  /** A new connection: follow it there and catch up. */
  resume(newEpoch: boolean): void;
  leave(): void;
};

const nothing: Cursors = {
  visitor: { delivered: 0, read: 0 },
  agent: { delivered: 0, read: 0 },
};

/** How long a live event may lag behind its acknowledgement before it is asked for. */
const lag = seconds(1);

export function followed(options: {
  id: ConversationId;
  side: Side;
  me(conversation: Conversation | null): Actor;
  /** Whether this side's receipts and typing count. */
  takesPart(conversation: Conversation): boolean;
  world: World;
  link: Link;
  outbox: Outbox;
}): Followed {
  const { id, side, world, link, outbox, takesPart } = options;
  const other = side === "visitor" ? "agent" : "visitor";
  const { conversation, events, last, ...entries } = log(side);
  const cursors = signal(nothing);
  const ready = signal(false);
  const readTo = signal(0);
  const typing = typingIn(world);
  /** Replaced whenever what was asked before is of no use any more. */
  let era = {};
  let joining: object | null = null;
  let joined = false;
  const missing = signal(false);
  let current = false;
  let syncing = false;
  let wanted = false;
  let attempt = 0;
  /** The newest command of ours that was taken. */
  let takenAt = 0;

  const fromOther = (event: ConversationEvent) =>
    event.kind === "message" && (event.by.kind === "visitor") === (other === "visitor");
  const newest = () => events.peek().findLast(fromOther)?.seq ?? 0;
  const counts = () => {
    const state = conversation.peek();
    return state !== null && takesPart(state);
  };

  const acknowledge = receipts({
    world,
    wanted: () => ({ delivered: newest(), read: readTo.peek() }),
    known: () => cursors.peek()[side],
    able: () => current && link.online() && counts(),
    async send(receipt) {
      const answer = await link.ask("receipts", { conversation: id, ...receipt });
      if (answer.ok) merge({ ...nothing, [side]: receipt });
      return answer.ok || answer.refusal.retry;
    },
  });
  const type = typingOut(world, (on) => {
    if (link.online() && counts()) link.tell("typing", { conversation: id, on });
  });

  function merge(next: Cursors) {
    const old = cursors.peek();
    const further = (who: keyof Cursors) => ({
      delivered: Math.max(old[who].delivered, next[who].delivered),
      read: Math.max(old[who].read, next[who].read),
    });
    cursors.value = { visitor: further("visitor"), agent: further("agent") };
  }

  function arrived(before: number) {
    const fresh = events.peek().filter((event) => event.seq > before);
    if (fresh.some(fromOther)) typing.hear(false);
    acknowledge();
    outbox.kick();
  }

  function wipe() {
    era = {};
    entries.wipe();
    cursors.value = nothing;
    readTo.value = 0;
    takenAt = 0;
  }

  /** Waits and runs again, unless the connection or the log changed meanwhile. */
  function later(run: () => void) {
    const then = era;
    world.after(backoff(attempt++, world), () => {
      if (then === era && link.online()) run();
    });
  }

  async function join() {
    const then = era;
    if (joining === then) return;
    joining = then;
    const asked = world.now();
    const answer = await link.ask("join", { conversation: id });
    if (then !== era) return;
    joining = null;
    if (!answer.ok) {
      // What isn't there may come: our own start is on its way, or a restored log is being caught up.
      missing.value = !answer.refusal.retry;
      if (missing.value) outbox.kick();
      return later(() => void join());
    }
    joined = true;
    missing.value = false;
    merge(answer.head.cursors);
    outbox.ended(id, answer.head.head, asked);
    await sync();
  }

  /** Asks for what is missing, page by page; calls meanwhile make it look once more. */
  async function sync() {
    wanted = true;
    if (syncing) return;
    syncing = true;
    while (wanted && joined) {
      wanted = false;
      await page();
    }
    syncing = false;
  }

  async function page() {
    const then = era;
    const since = last();
    const asked = world.now();
    const answer = await link.ask("sync", { conversation: id, since });
    if (then !== era) return;
    if (!answer.ok) {
      const { code, retry } = answer.refusal;
      if (code === "epoch") {
        wipe();
        wanted = true;
      } else if (retry) later(() => void sync());
      return;
    }
    if (answer.logEpoch !== link.epoch()) return link.probe();
    attempt = 0;
    entries.page(answer.events);
    merge(answer.cursors);
    outbox.ended(id, answer.head, asked);
    if (answer.more && last() > since) wanted = true;
    if (!wanted) {
      current = true;
      ready.value = true;
    }
    arrived(since);
  }

  const lines = timeline();
  return {
    id,
    conversation,
    ready,
    missing,
    fence() {
      // Any fence will do to be told so by the server.
      if (missing.peek()) return 0;
      return current && last() >= takenAt ? (conversation.peek()?.fence ?? null) : null;
    },
    typing: typing.on,
    timeline: computed(() =>
      lines({
        events: events.value,
        entries: outbox.entries.value.filter((entry) => entry.conversation === id),
        unkept: outbox.unkept.value,
        cursors: cursors.value,
        me: options.me(conversation.value),
      }),
    ),
    unread: computed(() => {
      const from = Math.max(cursors.value[side].read, readTo.value);
      return events.value.filter((event) => event.seq > from && fromOther(event)).length;
    }),
    say(text) {
      type(false);
      outbox.add(id, { kind: "say", text });
    },
    type,
    read() {
      readTo.value = newest();
      acknowledge();
    },
    acked(seq) {
      takenAt = Math.max(takenAt, seq);
      if (!joined) return void join();
      world.after(lag, () => {
        if (last() < seq) void sync();
      });
    },
    events(incoming) {
      const before = last();
      const missing = entries.receive(incoming);
      arrived(before);
      if (missing) void sync();
    },
    head(head) {
      merge(head.cursors);
      if (head.head > last()) void sync();
    },
    typed: typing.hear,
    resume(newEpoch) {
      era = {};
      joined = false;
      current = false;
      attempt = 0;
      if (newEpoch) wipe();
      void join();
    },
    leave() {
      era = {};
      joined = false;
      current = false;
      if (link.online()) void link.ask("leave", { conversation: id });
    },
  };
}
