import { decide } from "#server/domain/decide.ts";
import { envelop } from "#server/domain/draft.ts";
import { applyAll } from "#shared/domain/apply.ts";
import { visible } from "#shared/domain/visible.ts";
import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import { minutes } from "#shared/model/time.ts";
import type { AgentCommand, VisitorCommand } from "#shared/protocol/commands.ts";
import type { Because, ConversationEvent } from "#shared/protocol/events.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import type { ListName, Receipts } from "#shared/protocol/requests.ts";
import type {
  Accepted,
  Answer,
  Cursors,
  Head,
  ListRow,
  ListWindow,
  Me,
} from "#shared/protocol/sockets.ts";
import type { Simulation } from "./simulation.ts";

/** The server as clients meet it: one log in memory, the real decisions, no network of its own. */
export type Who = { side: "visitor"; visitor: VisitorId } | { side: "agent"; agent: AgentId };

export type Peer = { who: Who; push(event: string, payload: unknown): void };

type Recorded = { body: string; answer: Accepted };
type Kept = { events: ConversationEvent[]; cursors: Cursors };
type Window = { rows: Map<ConversationId, string>; version: number };

const because: Because = {
  reason: "onlyCandidate",
  waitedMs: 0,
  position: 1,
  filtered: { notMember: 0, away: 0, notLive: 0, full: 0 },
  candidates: [],
  versions: { engine: 1, queue: 1 },
};
const nothing = (): Cursors => ({
  visitor: { delivered: 0, read: 0 },
  agent: { delivered: 0, read: 0 },
});

export class ModelServer {
  readonly workspace = "w" as WorkspaceId;
  readonly queues = new Map<QueueId, { name: string }>([
    ["q1" as QueueId, { name: "Sales" }],
    ["q2" as QueueId, { name: "Support" }],
  ]);
  logEpoch = "epoch-1";
  staffed = true;
  /** Refuses this share of all commands, as a server under load does. */
  busy = 0;
  conversations = new Map<ConversationId, Kept>();
  #commands = new Map<string, Recorded>();
  /** Conversations served as if they had waited half an hour longer. */
  readonly urgent = new Set<ConversationId>();
  readonly #peers = new Map<Peer, Set<ConversationId>>();
  readonly #lists = new Map<string, Window>();
  readonly #following = new Map<Peer, Set<ListName>>();
  readonly #sim: Simulation;

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  connect(peer: Peer): void {
    this.#peers.set(peer, new Set());
    this.#following.set(peer, new Set());
  }

  disconnect(peer: Peer): void {
    this.#peers.delete(peer);
    this.#following.delete(peer);
  }

  state(id: ConversationId): Conversation | null {
    return applyAll(null, this.conversations.get(id)?.events ?? []);
  }

  /** The log as this side may see it. */
  seen(id: ConversationId, side: Who["side"]): ConversationEvent[] {
    const events = this.conversations.get(id)?.events ?? [];
    return events.flatMap((event) => visible(side, event) ?? []);
  }

  handle(peer: Peer, event: string, payload: unknown): Answer<Record<string, unknown>> {
    const { who } = peer;
    switch (event) {
      case "hello":
        return { ok: true, ...this.#welcome(who) };
      case "command":
        if (this.#sim.chance(this.busy)) return refuse("rate", { retryAfterMs: 500 });
        return this.command(payload as VisitorCommand | AgentCommand, actorOf(who));
      case "list": {
        const { list } = payload as { list: ListName };
        this.#following.get(peer)?.add(list);
        return { ok: true, ...this.#window(list, who) };
      }
    }
    const { conversation } = payload as { conversation: ConversationId };
    const kept = this.#readable(conversation, who);
    if (!kept) return refuse("not_found");
    const head = this.#head(conversation, who.side);
    switch (event) {
      case "join":
        this.#peers.get(peer)?.add(conversation);
        return { ok: true, head };
      case "leave":
        this.#peers.get(peer)?.delete(conversation);
        return { ok: true };
      case "sync": {
        const { since } = payload as { since: number };
        if (since > head.head) return refuse("epoch");
        const events = this.seen(conversation, who.side).filter(({ seq }) => seq > since);
        // Small pages, so that tests walk through several.
        const page = events.slice(0, 5);
        const more = events.length > page.length;
        const { logEpoch } = this;
        return { ok: true, logEpoch, events: page, head: head.head, more, cursors: kept.cursors };
      }
      case "receipts": {
        const { delivered, read } = payload as Receipts;
        if (this.logEpoch === "epoch-1" && (delivered > head.head || read > delivered)) {
          throw new Error("a receipt beyond the log");
        }
        const side = kept.cursors[who.side];
        side.delivered = Math.max(side.delivered, Math.min(delivered, head.head));
        side.read = Math.max(side.read, Math.min(read, head.head));
        this.#tellHeads((other) => other.has(conversation));
        return { ok: true };
      }
      case "typing": {
        const { on } = payload as { on: boolean };
        for (const [other, followed] of this.#peers) {
          if (followed.has(conversation) && other.who.side !== who.side) {
            other.push("typing", { conversation, by: who.side, on });
          }
        }
        return { ok: true };
      }
      default:
        return refuse("invalid");
    }
  }

  command(command: VisitorCommand | AgentCommand, by: Actor): Answer<Accepted> {
    if (command.kind === "presence") {
      return { ok: true, conversation: null, seq: 0, at: this.#sim.now(), repeat: false };
    }
    const name = [command.conversation, by.kind, by.id, command.id].join(" ");
    const body = JSON.stringify(command);
    const first = this.#commands.get(name);
    if (first) {
      return first.body === body
        ? { ok: true, ...first.answer, repeat: true }
        : refuse("command_conflict");
    }
    const before = this.state(command.conversation);
    const decision = decide(before, command, this.#facts(by));
    if ("refused" in decision) return { ok: false, refusal: decision.refused };
    if ("already" in decision) {
      const { id, seq, at } = decision.already;
      return { ok: true, conversation: id, seq, at, repeat: true };
    }
    const { events, after } = envelop(before, decision.decided, {
      workspace: this.workspace,
      conversation: command.conversation,
      by,
      cause: command.id,
      now: this.#sim.now(),
    });
    const open = this.#openOf(after.visitor);
    if (open && open !== after.id && after.status !== "closed") {
      return refuse("moved", { conversation: open });
    }
    const kept = this.conversations.get(after.id) ?? { events: [], cursors: nothing() };
    this.conversations.set(after.id, { ...kept, events: [...kept.events, ...events] });
    const [{ seq, at }] = events as [ConversationEvent];
    const answer = { conversation: after.id, seq, at, repeat: false };
    this.#commands.set(name, { body, answer });
    this.#fanOut(after.id, events);
    return { ok: true, ...answer };
  }

  /** What the router does of itself. */
  assignWaiting(agents: readonly AgentId[]): void {
    for (const id of this.conversations.keys()) {
      const state = this.state(id);
      if (state?.status !== "queued") continue;
      const agent = this.#sim.pick(agents);
      const command = { kind: "assign", agent, because, ...this.#systemCommand(state) } as const;
      this.#system(command);
    }
  }

  requeueAssigned(id: ConversationId): void {
    const state = this.state(id);
    if (state?.status !== "assigned") return;
    const { fence } = state;
    const queue = this.#sim.pick([...this.queues.keys()]);
    const own = { id: this.#sim.id() as CommandId, conversation: id, kind: "transfer" } as const;
    this.command({ ...own, fence, queue }, { kind: "agent", id: state.agent });
  }

  sendHeads(): void {
    this.#tellHeads(() => true);
  }

  /** The next patch of every list, with nothing new in it: a follower that missed one notices now. */
  beatLists(): void {
    for (const [key, window] of this.#lists) {
      window.version++;
      const list = (key.startsWith("mine") ? "mine" : key) as ListName;
      for (const [peer, lists] of this.#following) {
        if (!lists.has(list) || this.#listKey(list, peer.who) !== key) continue;
        const total = this.listed(list, peer.who).length;
        peer.push("patch", { list, version: window.version, upsert: [], remove: [], total });
      }
    }
  }

  /** Puts the log back to what it was, as restoring a backup does; every connection is gone with it. */
  restore(backup: ModelBackup, logEpoch: string): void {
    this.conversations = structuredClone(backup.conversations);
    this.#commands = new Map(backup.commands);
    this.logEpoch = logEpoch;
    this.#lists.clear();
  }

  backup(): ModelBackup {
    return {
      conversations: structuredClone(this.conversations),
      commands: new Map(this.#commands),
    };
  }

  /** Tells followers nothing of it: what a silent loss in the fan-out looks like. */
  silently(run: () => void): void {
    const peers = [...this.#peers];
    this.#peers.clear();
    run();
    for (const [peer, followed] of peers) this.#peers.set(peer, followed);
  }

  #system(command: Parameters<typeof decide>[1] & { id: CommandId }): void {
    const before = this.state(command.conversation);
    const by: Actor = { kind: "system", id: "router" };
    const decision = decide(before, command, this.#facts(by));
    if (!("decided" in decision) || !before) return;
    const { events } = envelop(before, decision.decided, {
      workspace: this.workspace,
      conversation: before.id,
      by,
      cause: command.id,
      now: this.#sim.now(),
    });
    this.conversations.get(before.id)?.events.push(...events);
    this.#fanOut(before.id, events);
  }

  #systemCommand({ id, fence }: Conversation) {
    return { id: this.#sim.id() as CommandId, conversation: id, fence };
  }

  #facts(by: Actor): Parameters<typeof decide>[2] {
    const queue = "q1" as QueueId;
    return {
      now: this.#sim.now(),
      by,
      queues: this.queues,
      staffed: () => this.staffed,
      agentName: (agent) => `Agent ${agent}`,
      ...(by.kind === "visitor" && {
        arrival: { site: "s" as SiteId, visitor: by.id, queue, locale: "en", zone: "UTC" },
      }),
    };
  }

  #openOf(visitor: VisitorId): ConversationId | null {
    for (const id of this.conversations.keys()) {
      const state = this.state(id);
      if (state?.visitor === visitor && state.status !== "closed") return id;
    }
    return null;
  }

  #latestOf(visitor: VisitorId): ConversationId | null {
    const own = [...this.conversations.keys()].filter((id) => this.state(id)?.visitor === visitor);
    return this.#openOf(visitor) ?? own.at(-1) ?? null;
  }

  #welcome(who: Who): Record<string, unknown> {
    const base = { protocol: 1, logEpoch: this.logEpoch, now: this.#sim.now() };
    if (who.side === "visitor") {
      const site = { name: "Shop", accent: null };
      return { ...base, site, staffed: this.staffed, conversation: this.#latestOf(who.visitor) };
    }
    const me: Me = {
      id: who.agent,
      name: who.agent,
      email: "a@example.com",
      role: "agent",
      status: "online",
      capacity: 400,
      used: 0,
    };
    const queues = [...this.queues].map(([id, { name }]) => ({
      id,
      name,
      escalatesTo: null,
      memberOf: true,
      online: 1,
    }));
    return { ...base, me, queues, colleagues: [], cannedReplies: [] };
  }

  #readable(id: ConversationId, who: Who): Kept | null {
    const kept = this.conversations.get(id);
    if (!kept) return null;
    return who.side === "agent" || this.state(id)?.visitor === who.visitor ? kept : null;
  }

  #head(conversation: ConversationId, side: Who["side"]): Head {
    const head = this.seen(conversation, side).at(-1)?.seq ?? 0;
    const { cursors } = this.conversations.get(conversation) as Kept;
    return { conversation, head, cursors: structuredClone(cursors) };
  }

  #fanOut(conversation: ConversationId, events: readonly ConversationEvent[]): void {
    for (const [peer, followed] of this.#peers) {
      if (!followed.has(conversation)) continue;
      const shown = events.flatMap((event) => visible(peer.who.side, event) ?? []);
      if (shown.length > 0) peer.push("events", { conversation, events: shown });
    }
    this.#patch();
  }

  #tellHeads(which: (followed: ReadonlySet<ConversationId>) => boolean): void {
    for (const [peer, followed] of this.#peers) {
      if (!which(followed)) continue;
      const heads = [...followed]
        .filter((id) => this.conversations.has(id))
        .map((id) => this.#head(id, peer.who.side));
      peer.push("heads", { logEpoch: this.logEpoch, heads });
    }
  }

  score({ id, queuedAt }: Conversation): number {
    return queuedAt - (this.urgent.has(id) ? minutes(30) : 0);
  }

  listed(list: ListName, who: Who): ListRow[] {
    const wanted = (state: Conversation) =>
      list !== "mine"
        ? state.status === statusIn[list]
        : state.status === "assigned" && who.side === "agent" && state.agent === who.agent;
    const order = (state: Conversation) => {
      if (state.status === "assigned") return state.since;
      if (state.status === "closed") return -state.closedAt;
      return state.status === "parked" ? (state.unansweredSince ?? 0) : this.score(state);
    };
    return [...this.conversations.keys()]
      .flatMap((id) => this.state(id) ?? [])
      .filter(wanted)
      .sort((a, b) => order(a) - order(b) || (a.id < b.id ? -1 : 1))
      .map((conversation) => ({
        conversation,
        preview: null,
        unread: 0,
        score: list === "waiting" ? this.score(conversation) : null,
      }));
  }

  #listKey = (list: ListName, who: Who) =>
    list === "mine" && who.side === "agent" ? `mine ${who.agent}` : list;

  #window(list: ListName, who: Who): ListWindow {
    const rows = this.listed(list, who);
    const { version } = this.#update(list, who);
    return { list, version, rows, total: rows.length };
  }

  #update(list: ListName, who: Who): Window & { upsert: ListRow[]; remove: ConversationId[] } {
    const key = this.#listKey(list, who);
    const known = this.#lists.get(key) ?? { rows: new Map(), version: 0 };
    const rows = this.listed(list, who);
    const now = new Map(rows.map((row) => [row.conversation.id, JSON.stringify(row)]));
    const upsert = rows.filter(
      (row) => known.rows.get(row.conversation.id) !== now.get(row.conversation.id),
    );
    const remove = [...known.rows.keys()].filter((id) => !now.has(id));
    const changed = upsert.length + remove.length > 0;
    const next = { rows: now, version: known.version + (changed ? 1 : 0) };
    this.#lists.set(key, next);
    if (changed) {
      const patch = { list, version: next.version, upsert, remove, total: rows.length };
      for (const [peer, lists] of this.#following) {
        if (lists.has(list) && this.#listKey(list, peer.who) === key) peer.push("patch", patch);
      }
    }
    return { ...next, upsert, remove };
  }

  #patch(): void {
    const seen = new Set<string>();
    for (const [{ who }, lists] of this.#following) {
      for (const list of lists) {
        const key = this.#listKey(list, who);
        if (seen.has(key)) continue;
        seen.add(key);
        this.#update(list, who);
      }
    }
  }
}

const statusIn = { waiting: "queued", parked: "parked", closed: "closed" } as const;

export type ModelBackup = {
  conversations: Map<ConversationId, Kept>;
  commands: Map<string, Recorded>;
};

const refuse = (...args: Parameters<typeof refusal>): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: refusal(...args),
});

const actorOf = (who: Who): Actor =>
  who.side === "visitor" ? { kind: "visitor", id: who.visitor } : { kind: "agent", id: who.agent };
