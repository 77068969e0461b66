import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import { days, hours, type Instant, seconds } from "#shared/model/time.ts";
import type { AgentCommand, VisitorCommand } from "#shared/protocol/commands.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import { backoff } from "./backoff.ts";
import type { Link } from "./connection.ts";
import type { OutboxCommand, OutboxEntry, OutboxStore } from "./outboxStore.ts";
import type { World } from "./world.ts";

/** After this long an unsent command is not sent unasked any more. */
const unsentFor = days(7);
/** Acknowledged commands are kept this long, in case the server is restored from before them. */
const ackedFor = hours(24);

/** When a page reloads, it takes up its own words itself, in order, before another page does. */
const successorFirst = seconds(3);

export type Outbox = {
  /** In the order they were written; acknowledged ones stay a while. */
  entries: ReadonlySignal<readonly OutboxEntry[]>;
  /** Those of them that the browser would not keep: gone with the page. */
  unkept: ReadonlySignal<ReadonlySet<CommandId>>;
  add(conversation: ConversationId, command: OutboxCommand): void;
  /** Like `add`, in the same order, but forgotten with the page: for what the sender waits to see done. */
  order(conversation: ConversationId, command: OutboxCommand): Promise<Answer<Accepted>>;
  /** Takes over what earlier pages left. Never rejects. */
  load(): Promise<void>;
  /** Sends what can be sent now. */
  kick(): void;
  /** Sends what can be sent, waiting no longer: the connection is new. */
  flush(): void;
  /** Sends a failed command again: under a new id if it was refused, else under the one it had. */
  retry(id: string): void;
  discard(id: string): void;
  /** Asked then, the server's log ended at `head`: what had been acknowledged beyond it is sent again. */
  ended(conversation: ConversationId, head: number, asked: Instant): void;
  /** The log's epoch: what was acknowledged under another is sent again. */
  epoch(current: string): void;
};

type Lane = {
  busy: boolean;
  /** To look once more: what a busy lane found missing, the fence, may be there by now. */
  asked: boolean;
  attempt: number;
  waiting: (() => void) | null;
};

/**
 * Commands on their way (SPEC C5–C9): written down before they are sent, in order, one in flight per
 * lane, repeated under the same id until the server answers for good.
 */
export function outbox(options: {
  world: World;
  link: Link;
  store: OutboxStore;
  sender: Promise<string>;
  /** Commands of one lane keep their order. */
  lane(entry: OutboxEntry): string;
  /** The fence to send with; null while it isn't known; undefined where none is needed. */
  fence(entry: OutboxEntry): number | null | undefined;
  /** Where a refused command and what follows it should go instead, if anywhere. */
  elsewhere?(entry: OutboxEntry, why: Refusal): Elsewhere | null;
  acked(entry: OutboxEntry, accepted: Accepted): void;
}): Outbox {
  const { world, link, store, sender } = options;
  const entries = signal<readonly OutboxEntry[]>([]);
  const unkept = signal<ReadonlySet<CommandId>>(new Set());
  const lanes = new Map<string, Lane>();
  const written = new Map<CommandId, Promise<void>>();
  const ordered = new Map<CommandId, (answer: Answer<Accepted>) => void>();
  /** Written on this page and never sent, so certainly nowhere yet. */
  const unsent = new Set<CommandId>();
  let lastAt = 0;

  function keep(entry: OutboxEntry) {
    if (ordered.has(entry.id)) return;
    written.set(
      entry.id,
      sender.then(async (who) => {
        const kept = await store.save(who, entry);
        const lost = new Set(unkept.peek());
        if (kept ? lost.delete(entry.id) : lost.add(entry.id)) unkept.value = lost;
      }),
    );
  }

  function put(...changed: OutboxEntry[]) {
    const ids = new Set(changed.map((entry) => entry.id));
    const others = entries.peek().filter((entry) => !ids.has(entry.id));
    entries.value = [...others, ...changed].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    for (const entry of changed) keep(entry);
  }

  function drop(...ids: CommandId[]) {
    entries.value = entries.peek().filter((entry) => !ids.includes(entry.id));
    for (const id of ids) {
      if (written.delete(id)) void sender.then((who) => store.remove(who, id));
    }
  }

  /** Now, and after all that was written before. */
  function nextAt(): Instant {
    lastAt = Math.max(world.now(), lastAt + 1);
    return lastAt;
  }

  function make(conversation: ConversationId, command: OutboxCommand): OutboxEntry {
    const at = nextAt();
    const id = world.id() as CommandId;
    unsent.add(id);
    return { id, conversation, at, command, state: { is: "queued" } };
  }

  const queued = (entry: OutboxEntry) => entry.state.is === "queued";
  const queuedIn = (conversation: ConversationId) =>
    entries.peek().filter((entry) => entry.conversation === conversation && queued(entry));

  function fail(entry: OutboxEntry, failure?: Refusal) {
    const answer = ordered.get(entry.id);
    const { kind } = entry.command;
    // Nobody waits for an end that could not happen, and it has no line to show it.
    if (answer || kind === "end") drop(entry.id);
    else put({ ...entry, state: { is: "failed", ...(failure && { failure }) } });
    if (failure) answer?.({ ok: false, refusal: failure });
    ordered.delete(entry.id);
    // Nothing can be said in a conversation that didn't begin.
    if (kind === "start") for (const next of queuedIn(entry.conversation)) fail(next, failure);
  }

  function ack(entry: OutboxEntry, accepted: Accepted) {
    const answer = ordered.get(entry.id);
    const at = world.now();
    if (answer) drop(entry.id);
    else {
      const epoch = link.epoch() as string;
      put({ ...entry, state: { is: "acked", seq: accepted.seq, epoch, at } });
    }
    answer?.({ ok: true, ...accepted });
    ordered.delete(entry.id);
    forget();
    options.acked(entry, accepted);
  }

  function forget() {
    const old = ({ state }: OutboxEntry) =>
      state.is === "acked" && state.at < world.now() - ackedFor;
    const gone = entries.peek().filter(old);
    if (gone.length > 0) drop(...gone.map((entry) => entry.id));
  }

  /**
   * The refused entry goes to another conversation under the same id, and with it what follows and was
   * never sent. What was sent already may have landed, so it is asked for where it was sent first.
   */
  function move(entry: OutboxEntry, { to, start }: Elsewhere) {
    const moving = queuedIn(entry.conversation)
      .filter(({ id }) => id === entry.id || unsent.has(id))
      .map((other) => ({ ...other, conversation: to }));
    const first = moving[0];
    // Half a tick before what it makes room for: whole numbers are all taken.
    if (start && first) moving.unshift({ ...make(to, start), at: first.at - 0.5 });
    put(...moving);
  }

  function settle(entry: OutboxEntry, why: Refusal) {
    const place = options.elsewhere?.(entry, why);
    if (!place) return fail(entry, why);
    // The conversation it would have begun is there already.
    if (entry.command.kind === "start") drop(entry.id);
    move(entry, place);
  }

  async function drain(name: string) {
    const lane = lanes.get(name) ?? { busy: false, asked: false, attempt: 0, waiting: null };
    lanes.set(name, lane);
    lane.asked = true;
    if (lane.busy) return;
    lane.busy = true;
    while (lane.asked && link.online() && !lane.waiting) {
      lane.asked = false;
      if (await step(name, lane)) lane.asked = true;
    }
    lane.busy = false;
  }

  /** Sends the lane's first command. True when the next may follow at once. */
  async function step(name: string, lane: Lane): Promise<boolean> {
    const next = entries.peek().find((entry) => queued(entry) && options.lane(entry) === name);
    if (!next) return false;
    if (next.at < world.now() - unsentFor) {
      fail(next);
      return true;
    }
    const fence = next.fence ?? options.fence(next);
    if (fence === null) return false;
    const entry = fence === undefined ? next : { ...next, fence };
    if (entry.fence !== next.fence) put(entry);
    await written.get(entry.id);
    if (!link.online()) return false;
    unsent.delete(entry.id);
    const answer = await link.ask("command", onWire(entry));
    if (!answer.ok && answer.refusal.retry) {
      const pause = backoff(lane.attempt++, world);
      lane.waiting = world.after(Math.max(answer.refusal.retryAfterMs ?? 0, pause), () => {
        lane.waiting = null;
        void drain(name);
      });
      return false;
    }
    lane.attempt = 0;
    if (answer.ok) ack(entry, answer);
    else settle(entry, answer.refusal);
    return true;
  }

  function flush() {
    for (const lane of lanes.values()) {
      lane.waiting?.();
      lane.waiting = null;
    }
    kick();
  }

  function kick() {
    for (const name of new Set(entries.peek().filter(queued).map(options.lane))) void drain(name);
  }

  function send(entry: OutboxEntry) {
    put(entry);
    link.hurry();
    void drain(options.lane(entry));
  }

  const add = (conversation: ConversationId, command: OutboxCommand) =>
    send(make(conversation, command));

  function again(doubtful: (entry: OutboxEntry) => boolean) {
    const back = entries.peek().filter(doubtful);
    if (back.length > 0)
      put(...back.map((entry) => ({ ...entry, state: { is: "queued" as const } })));
  }

  async function adopt() {
    const stored = await store.take(await sender).catch(broken);
    const here = new Set(entries.peek().map((entry) => entry.id));
    const missing = stored.filter((entry) => !here.has(entry.id));
    lastAt = stored.reduce((latest, { at }) => Math.max(latest, Math.ceil(at)), lastAt);
    put(...missing);
    forget();
    const epoch = link.epoch();
    if (epoch !== null) recheck(epoch);
    kick();
  }

  const recheck = (current: string) =>
    again(({ state }) => state.is === "acked" && state.epoch !== current);

  return {
    entries,
    unkept,
    add,
    order(conversation, command) {
      const entry = make(conversation, command);
      const answer = new Promise<Answer<Accepted>>((done) => ordered.set(entry.id, done));
      send(entry);
      return answer;
    },
    async load() {
      // Asked first: a page that ends in between, as this one's predecessor in a reload, isn't missed.
      const gone = () => void world.after(successorFirst, () => void adopt());
      await store.onGone?.(gone).catch(broken);
      await adopt();
    },
    kick,
    flush,
    retry(id) {
      const failed = entries.peek().filter(isFailed);
      const which = failed.find((entry) => entry.id === id);
      if (!which) return;
      const begin = failed.filter(
        (entry) => entry.conversation === which.conversation && entry.command.kind === "start",
      );
      for (const { id, conversation, command, ...entry } of [...begin, which]) {
        if (entry.state.failure) {
          drop(id);
          add(conversation, command);
        } else {
          // It may have been taken long ago, its answer lost: only under its own id is it taken once.
          send({ ...entry, id, conversation, command, at: nextAt(), state: { is: "queued" } });
        }
      }
    },
    discard: (id) => drop(id as CommandId),
    ended(conversation, head, asked) {
      again(
        (entry) =>
          entry.conversation === conversation &&
          entry.state.is === "acked" &&
          entry.state.seq > head &&
          entry.state.at < asked,
      );
    },
    epoch: recheck,
  };
}

type Failed = OutboxEntry & { state: { is: "failed" } };
const isFailed = (entry: OutboxEntry): entry is Failed => entry.state.is === "failed";

/** A store that breaks its word costs what it had kept, and nothing of what is written from now on. */
function broken(error: unknown): [] {
  // Shown as what nobody caught is.
  reportError(error);
  return [];
}

export type Elsewhere = { to: ConversationId; start?: OutboxCommand };

/** What goes over the wire: strictly the command's own fields. */
function onWire(entry: OutboxEntry): VisitorCommand | AgentCommand {
  const { id, conversation, command, fence } = entry;
  const fields = { id, conversation, ...(fence !== undefined && { fence }) };
  if (command.kind !== "say") return { ...fields, ...command } as VisitorCommand | AgentCommand;
  const { kind, text } = command;
  return { ...fields, kind, content: { type: "text", text } };
}
