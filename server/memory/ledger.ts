import { visible } from "#shared/domain/visible.ts";
import type { DeclaredStatus } from "#shared/model/agent.ts";
import { audienceBit } from "#shared/model/audience.ts";
import { type Conversation, isOpen } from "#shared/model/conversation.ts";
import type {
  AgentId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import { plainText } from "#shared/model/message.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { CannedReply, Cursors, ListRow } from "#shared/protocol/sockets.ts";
import { byRank, rank } from "../domain/rank.ts";
import {
  type AgentRecord,
  type Change,
  type Clock,
  type CommandRecord,
  type Committed,
  type DueTaken,
  type Ledger,
  LedgerUnavailable,
  type QueueRecord,
  refuseHoles,
  type SiteRecord,
  type SlotChange,
  type Subject,
  type VisitorRecord,
} from "../ports.ts";

/** The Ledger in this process's memory, with a door for simulating what happens to a database. */
export type MemoryLedger = Ledger & {
  /** While away every call throws LedgerUnavailable; what was committed is there afterwards. */
  setAway(away: boolean): void;
};

type Known = { seq: number; at: Instant; hash: string; conversation: ConversationId | null };
type Held = NonNullable<SlotChange["slot"]>;
type DueRow = Omit<DueTaken, "attempts"> & { attempts: number; leasedUntil: Instant };
type Person = Omit<AgentRecord, "used"> & { passwordHash: string };
type Session = { agent: AgentId; expiresAt: Instant };

type Books = {
  commands: Map<string, Known>;
  conversations: Map<ConversationId, Conversation>;
  events: Map<ConversationId, ConversationEvent[]>;
  cursors: Map<ConversationId, Cursors>;
  /** The visitor's open conversation, by site and visitor. */
  open: Map<string, ConversationId>;
  slots: Map<AgentId, Map<ConversationId, Held>>;
  due: Map<string, DueRow>;
  queues: Map<QueueId, QueueRecord>;
  sites: Map<SiteId, SiteRecord>;
  agents: Map<AgentId, Person>;
  cannedReplies: CannedReply[];
  /** By site and token hash. */
  visitors: Map<string, VisitorRecord>;
  sessions: Map<string, Session>;
  nodes: Map<string, { cutOff: boolean; until: Instant }>;
};

/** Keeps the same promises as the Ledger in SQL (one contract suite holds both), on the clock handed in. */
export function memoryLedger(clock: Clock, firstEpoch: string): MemoryLedger {
  const workspaces = new Map<WorkspaceId, Books>();
  const seeded = new Set<WorkspaceId>();
  const leases = new Map<string, { holder: string; fence: number; until: Instant }>();
  let away = false;
  let transactions = 0;
  let logEpoch = firstEpoch;
  let beats = 0;

  /** Every call passes here. */
  function reachable(): void {
    if (away) throw new LedgerUnavailable("the memory ledger is away");
  }

  function books(workspace: WorkspaceId): Books {
    reachable();
    const found = workspaces.get(workspace) ?? emptyBooks();
    workspaces.set(workspace, found);
    return found;
  }

  function write(change: Change): string {
    const here = books(change.workspace);
    const { command, conversation, events, slots, due, open } = structuredClone(change);
    const first = events[0] ?? conversation;
    const { id } = conversation;
    here.commands.set(commandKey(command), {
      seq: first.seq,
      at: first.at,
      hash: command.hash,
      conversation: id,
    });
    here.conversations.set(id, conversation);
    here.events.set(id, [...(here.events.get(id) ?? []), ...events]);
    for (const slot of slots) holdSlot(here, conversation, slot);
    for (const { kind, subject, at, fence } of due) {
      const key = dueKey(kind, subject);
      if (at === null) here.due.delete(key);
      else here.due.set(key, { kind, subject, at, fence, attempts: 0, leasedUntil: 0 });
    }
    const place = openKey(conversation);
    if (open === "claim") here.open.set(place, id);
    if (open === "release" && here.open.get(place) === id) here.open.delete(place);
    transactions += 1;
    return String(transactions);
  }

  return {
    async logEpoch() {
      reachable();
      return logEpoch;
    },
    async openLog(marks) {
      reachable();
      const missing = marks.some((mark) => mark.epoch === logEpoch && mark.beats > beats);
      beats += 1;
      if (missing) logEpoch = `${firstEpoch} ${beats}`;
      return logEpoch;
    },
    async now() {
      reachable();
      return clock.now();
    },

    async commit(change) {
      refuseHoles(change);
      const refused = verdict(books(change.workspace), change);
      if (refused) return refused;
      const { seq, at } = change.events[0] ?? change.conversation;
      return { status: "committed", seq, at, xid: write(change) };
    },
    async findCommand(workspace, record) {
      return books(workspace).commands.get(commandKey(record)) ?? null;
    },

    async conversation(workspace, id) {
      return structuredClone(books(workspace).conversations.get(id) ?? null);
    },
    async events(workspace, id, audience, since, limit) {
      const bit = audienceBit[audience];
      const after = (books(workspace).events.get(id) ?? []).filter(
        (event) => event.seq > since && (event.audience & bit) !== 0,
      );
      return structuredClone(
        after.slice(0, limit).flatMap((event) => visible(audience, event) ?? []),
      );
    },
    async openConversations(workspace) {
      return structuredClone(
        [...books(workspace).conversations.values()].filter(isOpen).sort(byId),
      );
    },
    async unattended(workspace, queues, limit) {
      const found = [...books(workspace).conversations.values()]
        .filter(({ queue }) => queues.includes(queue))
        .filter(
          (conversation) => conversation.status === "parked" && conversation.why === "unattended",
        )
        .sort((a, b) => unansweredFor(a) - unansweredFor(b) || byId(a, b));
      return structuredClone(found.slice(0, limit));
    },
    async heads(workspace, ids) {
      const here = books(workspace);
      const known = ids.flatMap((id) => here.conversations.get(id) ?? []);
      return new Map(
        known.map(({ id, seq, head }) => [
          id,
          { seq, visitorSeq: head.seq, cursors: structuredClone(cursorsOf(here, id)) },
        ]),
      );
    },
    async advanceCursor(workspace, id, side, to) {
      const here = books(workspace);
      const known = here.conversations.get(id);
      if (!known) return noCursors();
      const head = side === "visitor" ? known.head.seq : known.seq;
      const cursors = cursorsOf(here, id);
      const { delivered, read } = cursors[side];
      cursors[side] = {
        delivered: Math.max(delivered, Math.min(Math.max(to.delivered, to.read), head)),
        read: Math.max(read, Math.min(to.read, head)),
      };
      here.cursors.set(id, cursors);
      return structuredClone(cursors);
    },
    async mine(workspace, agents, limit) {
      const here = books(workspace);
      return new Map(
        agents.map((agent) => {
          const held = [...here.conversations.values()]
            .flatMap((one) => (one.status === "assigned" && one.agent === agent ? one : []))
            .sort((a, b) => a.since - b.since || byId(a, b))
            .map((conversation) => ({ conversation, score: null }));
          return [agent, page(here, held, limit)];
        }),
      );
    },
    async waiting(workspace, limit) {
      const here = books(workspace);
      const queued = [...here.conversations.values()]
        .filter(({ status }) => status === "queued")
        .map((conversation) => {
          const { id, queue, priority, queuedAt } = conversation;
          const step = here.queues.get(queue)?.stepSeconds ?? 0;
          return { conversation, id, queuedAt, score: rank(priority, queuedAt, step) };
        })
        .sort(byRank);
      return page(here, queued, limit);
    },
    async parked(workspace, queues, limit) {
      const here = books(workspace);
      const found = [...here.conversations.values()]
        .filter(({ status, queue }) => status === "parked" && queues.includes(queue))
        .sort((a, b) => unansweredFor(a) - unansweredFor(b) || byId(a, b))
        .map((conversation) => ({ conversation, score: null }));
      return page(here, found, limit);
    },
    async closed(workspace, queues, limit) {
      const here = books(workspace);
      const found = [...here.conversations.values()]
        .flatMap((one) => (one.status === "closed" && queues.includes(one.queue) ? one : []))
        .sort((a, b) => b.closedAt - a.closedAt || byId(b, a))
        .map((conversation) => ({ conversation, score: null }));
      return page(here, found.slice(0, limit), limit);
    },

    async agents(workspace) {
      const here = books(workspace);
      return [...here.agents.values()].sort(byId).map(({ passwordHash: _, ...agent }) => ({
        ...structuredClone(agent),
        used: unitsHeld(here, agent.id, null),
      }));
    },
    async queues(workspace) {
      const all = [...books(workspace).queues.values()];
      return structuredClone(all.sort((a, b) => byText(a.name, b.name) || byId(a, b)));
    },
    async sites(workspace) {
      const all = [...books(workspace).sites.values()];
      return structuredClone(all.sort((a, b) => byText(a.key, b.key)));
    },
    async cannedReplies(workspace) {
      const all = [...books(workspace).cannedReplies];
      return structuredClone(all.sort((a, b) => byText(a.shortcut, b.shortcut)));
    },
    async declareStatus(workspace, agent, status, command, at) {
      const here = books(workspace);
      const known = here.commands.get(commandKey(command));
      if (known && known.hash !== command.hash) return { status: "bodyMismatch" };
      if (known) return { status: "repeat", at: known.at };
      here.commands.set(commandKey(command), {
        seq: 0,
        at,
        hash: command.hash,
        conversation: null,
      });
      const person = here.agents.get(agent);
      if (person) here.agents.set(agent, { ...person, status });
      return { status: "committed", at };
    },

    async visitorByToken(workspace, site, tokenHash) {
      return structuredClone(books(workspace).visitors.get(`${site} ${tokenHash}`) ?? null);
    },
    async ensureVisitor(workspace, site, tokenHash, fresh) {
      const { visitors } = books(workspace);
      const key = `${site} ${tokenHash}`;
      const visitor = visitors.get(key) ?? { id: fresh.id, site };
      visitors.set(key, visitor);
      return structuredClone(visitor);
    },
    async latestConversation(workspace, visitor) {
      const [latest] = [...books(workspace).conversations.values()]
        .filter((conversation) => conversation.visitor === visitor)
        .sort(
          (a, b) =>
            Number(isOpen(b)) - Number(isOpen(a)) || b.createdAt - a.createdAt || byId(b, a),
        );
      return structuredClone(latest ?? null);
    },

    async credentials(workspace, email) {
      const person = [...books(workspace).agents.values()].find(
        (one) => one.email.toLowerCase() === email.toLowerCase(),
      );
      if (!person) return null;
      const { id, passwordHash, disabled } = person;
      return { agent: id, passwordHash, disabled };
    },
    async createSession(workspace, { hash, agent, at, expiresAt }) {
      const { sessions } = books(workspace);
      for (const [key, old] of sessions) {
        if (old.agent === agent && old.expiresAt <= at) sessions.delete(key);
      }
      sessions.set(hash, { agent, expiresAt });
    },
    async session(workspace, hash, at) {
      const here = books(workspace);
      const found = here.sessions.get(hash);
      if (!found || found.expiresAt <= at) return null;
      const { agent } = found;
      return here.agents.get(agent)?.disabled === false ? { agent } : null;
    },
    async endSession(workspace, hash) {
      books(workspace).sessions.delete(hash);
    },

    async liveSessions(workspace, hashes, at) {
      const { sessions, agents } = books(workspace);
      const live = hashes.filter((hash) => {
        const found = sessions.get(hash);
        return found && found.expiresAt > at && agents.get(found.agent)?.disabled === false;
      });
      return new Set(live);
    },

    async beatNode(workspace, { id, cutOff }, length) {
      books(workspace).nodes.set(id, { cutOff, until: clock.now() + length });
      transactions += 1;
      beats += 1;
      return { epoch: logEpoch, beats };
    },
    async nodes(workspace) {
      const now = clock.now();
      return [...books(workspace).nodes]
        .filter(([, { until }]) => until > now)
        .map(([id, { cutOff }]) => ({ id, cutOff }))
        .sort(byId);
    },
    async takeLease(name, holder, length) {
      reachable();
      const now = clock.now();
      const held = leases.get(name);
      const isMine = held?.holder === holder;
      if (held && !isMine && held.until > now) return null;
      const fence = isMine ? held.fence : (held?.fence ?? 0) + 1;
      const until = now + length;
      leases.set(name, { holder, fence, until });
      return { fence, until };
    },
    async releaseLease(name, holder) {
      reachable();
      const held = leases.get(name);
      if (held?.holder === holder) leases.set(name, { ...held, until: 0 });
    },

    async takeDue(workspace, now, lease, limit) {
      const ripe = [...books(workspace).due.values()]
        .filter(({ at, leasedUntil }) => at <= now && leasedUntil <= now)
        .sort((a, b) => a.at - b.at || byText(a.subject.id, b.subject.id))
        .slice(0, limit);
      return ripe.map((row) => {
        row.leasedUntil = now + lease * 2 ** Math.min(row.attempts, 5);
        row.attempts += 1;
        const { leasedUntil: _, ...taken } = row;
        return structuredClone(taken);
      });
    },
    async finishDue(workspace, { kind, subject, at, fence }) {
      const { due } = books(workspace);
      const row = due.get(dueKey(kind, subject));
      if (row?.at === at && row.fence === fence) due.delete(dueKey(kind, subject));
    },

    async isEmpty(workspace) {
      reachable();
      return !seeded.has(workspace);
    },
    async seed(workspace, seed) {
      const here = books(workspace);
      if (seeded.has(workspace)) return;
      seeded.add(workspace);
      const { queues, sites, agents, cannedReplies } = structuredClone(seed);
      for (const queue of queues) here.queues.set(queue.id, { ...queue, version: 1 });
      for (const site of sites) here.sites.set(site.id, site);
      for (const agent of agents) {
        const status: DeclaredStatus = "away";
        const person = { ...agent, status, disabled: false, lastAssignedAt: 0 };
        here.agents.set(agent.id, { ...person, queues: [...agent.queues].sort(byText) });
      }
      here.cannedReplies.push(...cannedReplies);
    },
    async close() {},

    setAway(is) {
      away = is;
    },
  };
}

/** Why a change is not taken, in the order SQL looks; null when it is. */
function verdict(here: Books, change: Change): Exclude<Committed, { status: "committed" }> | null {
  const { command, conversation, expectedSeq, open } = change;
  const known = here.commands.get(commandKey(command));
  if (known && known.hash !== command.hash) return { status: "bodyMismatch" };
  if (known) {
    const { seq, at, conversation: went } = known;
    return { status: "repeat", seq, at, conversation: went };
  }
  const now = here.conversations.get(conversation.id);
  if ((now?.seq ?? 0) !== expectedSeq) return { status: "seqConflict" };
  const other = here.open.get(openKey(conversation));
  if (open === "claim" && other !== undefined && other !== conversation.id) {
    return { status: "openElsewhere", conversation: other };
  }
  const agent = fullAgent(here, change);
  return agent === null ? null : { status: "full", agent };
}

/** The first agent whose sum of slots would grow beyond its capacity; a held chat may come back from `idle`. */
function fullAgent(here: Books, { conversation, slots }: Change): AgentId | null {
  const full = slots.filter(({ agent, slot, force }) => {
    const held = here.slots.get(agent)?.get(conversation.id);
    if (!slot || force || held?.kind === "idle" || slot.units <= (held?.units ?? 0)) return false;
    const capacity = here.agents.get(agent)?.capacity ?? -1;
    return unitsHeld(here, agent, conversation.id) + slot.units > capacity;
  });
  return full.map(({ agent }) => agent).sort(byText)[0] ?? null;
}

function holdSlot(here: Books, { id, at }: Conversation, { agent, slot }: SlotChange): void {
  const held = here.slots.get(agent) ?? new Map<ConversationId, Held>();
  here.slots.set(agent, held);
  const before = held.get(id)?.kind;
  if (slot) held.set(id, slot);
  else held.delete(id);
  const person = here.agents.get(agent);
  const isNew = before === undefined || before === "offer" || before === "wrapup";
  if (person && slot?.kind === "active" && isNew) {
    here.agents.set(agent, { ...person, lastAssignedAt: Math.max(person.lastAssignedAt, at) });
  }
}

function unitsHeld(here: Books, agent: AgentId, except: ConversationId | null): number {
  let sum = 0;
  for (const [conversation, { units }] of here.slots.get(agent) ?? []) {
    if (conversation !== except) sum += units;
  }
  return sum;
}

type Listed = { conversation: Conversation; score: number | null };

/** When the oldest message nobody has answered came, or the chat itself. */
const unansweredFor = ({ unansweredSince, queuedAt }: Conversation): Instant =>
  unansweredSince ?? queuedAt;

function page(here: Books, listed: readonly Listed[], limit: number) {
  const rows = listed.slice(0, limit).map((one) => listRow(here, one));
  return structuredClone({ rows, total: listed.length });
}

function listRow(here: Books, { conversation, score }: Listed): ListRow {
  const messages = (here.events.get(conversation.id) ?? []).flatMap((event) =>
    event.kind === "message" ? event : [],
  );
  const last = messages.at(-1);
  const { read } = cursorsOf(here, conversation.id).agent;
  return {
    conversation,
    preview: last ? { by: last.by.kind, text: plainText(last.body), at: last.at } : null,
    unread: messages.filter(({ seq, by }) => seq > read && by.kind === "visitor").length,
    score,
  };
}

const emptyBooks = (): Books => ({
  commands: new Map(),
  conversations: new Map(),
  events: new Map(),
  cursors: new Map(),
  open: new Map(),
  slots: new Map(),
  due: new Map(),
  queues: new Map(),
  sites: new Map(),
  agents: new Map(),
  cannedReplies: [],
  visitors: new Map(),
  sessions: new Map(),
  nodes: new Map(),
});

const noCursors = (): Cursors => ({
  visitor: { delivered: 0, read: 0 },
  agent: { delivered: 0, read: 0 },
});
const cursorsOf = (here: Books, id: ConversationId): Cursors => here.cursors.get(id) ?? noCursors();

const commandKey = ({ id, subject, sender }: Pick<CommandRecord, "id" | "subject" | "sender">) =>
  `${id} ${subject.kind} ${subject.id} ${sender.kind} ${sender.id}`;
const dueKey = (kind: string, subject: Subject) => `${kind} ${subject.kind} ${subject.id}`;
const openKey = ({ site, visitor }: { site: SiteId; visitor: VisitorId }) => `${site} ${visitor}`;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byId = (a: { id: string }, b: { id: string }): number => byText(a.id, b.id);
