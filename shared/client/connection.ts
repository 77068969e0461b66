import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { AgentCommand, VisitorCommand } from "#shared/protocol/commands.ts";
import { protocolRange } from "#shared/protocol/range.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type {
  Accepted,
  AgentToServer,
  AgentWelcome,
  Answer,
  Reply,
  ServerToAgent,
  ServerToVisitor,
  VisitorWelcome,
} from "#shared/protocol/sockets.ts";
import { backoff } from "./backoff.ts";
import type { Wire } from "./wire.ts";
import type { World } from "./world.ts";

/** `offline` is the browser's own word; `refused` is final until the page does something about it. */
export type ConnectionState = "connecting" | "online" | "reconnecting" | "offline" | "refused";

/** What both sides ask; the visitor's server answers all of it but `list`. */
type Requests = Omit<AgentToServer, "hello" | "command"> & {
  command: (command: VisitorCommand | AgentCommand, reply: Reply<Accepted>) => void;
};
type Messages = ServerToVisitor & ServerToAgent;
type Given<Ask> = Ask extends (payload: never, reply: Reply<infer T>) => void ? T : never;

export type Link = {
  online(): boolean;
  /** The log's epoch as the server last told it. */
  epoch(): string | null;
  /** Never rejects: no answer is the refusal `unavailable`, which may be sent again. */
  ask<E extends keyof Requests>(
    event: E,
    payload: Parameters<Requests[E]>[0],
  ): Promise<Answer<Given<Requests[E]>>>;
  tell<E extends keyof Requests>(event: E, payload: Parameters<Requests[E]>[0]): void;
  on<E extends keyof Messages>(event: E, hear: Messages[E]): void;
  /** Asks whether anybody is there, and which epoch it is. */
  probe(): void;
  /** Somebody has something to send: waits no longer, unless the server asked to. */
  hurry(): void;
};

export type Connection<Welcome> = Link & {
  state: ReadonlySignal<ConnectionState>;
  refusal: ReadonlySignal<Refusal | null>;
  welcome: ReadonlySignal<Welcome | null>;
  open(): void;
  /** Somebody asks for it: tries now. */
  reconnect(): void;
  refuse(why: Refusal): void;
  dispose(): void;
};

/** Lost, late or cut off: the command may have been taken or not, which is what this code says. */
const noAnswer: Refusal = { code: "unavailable", retry: true };
const patience = seconds(10);
const probePatience = seconds(5);
/** As long, when the browser itself says that there is no network; a server on this machine answers at once. */
const offlinePatience = seconds(1);
/** An attempt this old may hang in a network that is gone. */
const attemptPatience = seconds(5);

/** Stays connected: hello, reconnecting with jitter, draining, waking from sleep. */
export function connection<Welcome extends VisitorWelcome | AgentWelcome>(options: {
  wire: Wire;
  world: World;
  locale: string;
  zone: string;
  /** After each hello of a new socket, and when the log's epoch changed under a living one. */
  ready(welcome: Welcome, newEpoch: boolean): void;
}): Connection<Welcome> {
  const { wire, world, locale, zone } = options;
  const state = signal<ConnectionState>("connecting");
  const refused = signal<Refusal | null>(null);
  const welcome = signal<Welcome | null>(null);
  let ready = false;
  let over = false;
  let attempt = 0;
  let since = 0;
  let triedAt = Number.POSITIVE_INFINITY;
  /** The server asked not to be tried before. */
  let notBefore = 0;
  let heardAt = 0;
  let greeting = 0;
  let retrying: (() => void) | null = null;

  function show() {
    if (refused.peek()) state.value = "refused";
    else if (ready) state.value = "online";
    else if (!world.online()) state.value = "offline";
    else state.value = welcome.peek() || attempt ? "reconnecting" : "connecting";
  }

  function later(wait: Millis, told?: Millis) {
    retrying?.();
    if (told) notBefore = world.now() + told;
    retrying = world.after(wait, open);
  }

  function open() {
    retrying?.();
    retrying = null;
    ready = false;
    greeting++;
    if (over) return;
    show();
    triedAt = world.now();
    wire.connect();
  }

  /** Neither connected nor about to be. */
  const idle = () => !ready && (retrying || world.now() - triedAt > attemptPatience);

  function reconnect() {
    if (over || !idle()) return;
    attempt = 0;
    open();
  }

  /** A connection that held for a while starts the waiting from the shortest again. */
  function down(told: Millis = 0) {
    if (over) return;
    if (ready && world.now() - since > seconds(5)) attempt = 0;
    ready = false;
    greeting++;
    // The server says how long at least: it tells everybody the same, and a crowd is to come spread out.
    const pause = Math.max(told, backoff(attempt++, world));
    // A server that said when to come back has set the time already.
    if (!retrying) later(pause, told);
    show();
  }

  function refuse(why: Refusal) {
    refused.value = why;
    dispose();
    show();
  }

  async function request<T>(event: string, payload: unknown, wait: Millis): Promise<Answer<T>> {
    try {
      const answer = (await wire.emitWithAck(event, payload, wait)) as Answer<T>;
      heardAt = world.now();
      return answer;
    } catch {
      return { ok: false, refusal: noAnswer };
    }
  }

  async function greet(wait: Millis) {
    const turn = ++greeting;
    const logEpoch = welcome.peek()?.logEpoch ?? null;
    const hello = { protocol: protocolRange, logEpoch, locale, zone };
    const answer = await request<Welcome>("hello", hello, wait);
    if (turn !== greeting || over) return;
    if (!answer.ok) {
      if (!answer.refusal.retry) return refuse(answer.refusal);
      wire.disconnect();
      return down(answer.refusal.retryAfterMs);
    }
    const newEpoch = logEpoch !== null && logEpoch !== answer.logEpoch;
    const fresh = !ready;
    if (fresh) since = world.now();
    ready = true;
    welcome.value = answer;
    show();
    if (fresh || newEpoch) options.ready(answer, newEpoch);
  }

  function probe() {
    if (ready) void greet(world.online() ? probePatience : offlinePatience);
  }

  const asleep = world.onWake(() => {
    show();
    if (ready) {
      if (!world.online() || world.now() - heardAt > seconds(5)) probe();
    } else if (world.online()) reconnect();
  });

  function dispose() {
    over = true;
    ready = false;
    retrying?.();
    asleep();
    wire.disconnect();
  }

  wire.on("connect", () => void greet(patience));
  wire.on("disconnect", () => down());
  wire.on("refused", (why) => {
    const known = why as Refusal | undefined;
    if (known?.retry === false) refuse(known);
    else down(known?.retryAfterMs);
  });
  wire.on("draining", (message) => {
    const { retryAfterMs } = message as Parameters<Messages["draining"]>[0];
    later(retryAfterMs, retryAfterMs);
  });

  return {
    state,
    refusal: refused,
    welcome,
    online: () => ready,
    epoch: () => welcome.peek()?.logEpoch ?? null,
    ask: (event, payload) => request(event, payload, patience),
    tell: (event, payload) => wire.emit(event, payload),
    on(event, hear) {
      wire.on(event, (message) => {
        heardAt = world.now();
        (hear as (message: unknown) => void)(message);
      });
    },
    probe,
    hurry() {
      if (retrying && !ready && world.now() >= notBefore) open();
    },
    reconnect,
    open,
    refuse,
    dispose,
  };
}
