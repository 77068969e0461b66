import type { AgentRecord, Ledger, QueueRecord } from "#server/ports.ts";
import type { Driver } from "#server/postgres/driver.ts";
import type { Units } from "#shared/model/agent.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Cursors } from "#shared/protocol/sockets.ts";
import type { History } from "./history.ts";

/** What the system of record holds at the end. */
export type Truth = {
  /** Every conversation's whole log, in the order of seq. */
  logs: ReadonlyMap<string, readonly ConversationEvent[]>;
  rows: ReadonlyMap<string, Row>;
  /** Commands about conversations, by id. The same id may have been taken more than once. */
  commands: ReadonlyMap<string, readonly { conversation: string; seq: number }[]>;
  cursors: ReadonlyMap<string, Cursors>;
  agents: readonly Pick<AgentRecord, "id" | "capacity" | "used">[];
  /** Who holds what, or null where the store tells only sums. */
  slots: readonly { agent: string; conversation: string; units: Units }[] | null;
  queues: readonly Pick<QueueRecord, "id" | "stepSeconds">[];
};

/** A conversation as it is kept beside its log. */
export type Row = {
  seq: number;
  head: number;
  status: Conversation["status"];
  fence: number;
  leg: number;
  queue: QueueId;
  queuedAt: number;
  owner: AgentId | null;
};

export type ReadTruth = (history: History) => Promise<Truth>;

const whole = 1_000_000;

/** Reads through the port: what any store tells about the conversations the history knows, and the open ones. */
export function truthFromLedger(ledger: Ledger, workspace: WorkspaceId): ReadTruth {
  return async (history) => {
    const open = await ledger.openConversations(workspace);
    const ids = new Set([...conversationsIn(history), ...open.map(({ id }) => id)]);
    const logs = new Map<string, ConversationEvent[]>();
    const rows = new Map<string, Row>();
    const commands = new Map<string, { conversation: string; seq: number }[]>();
    for (const id of ids as Set<ConversationId>) {
      const found = await ledger.conversation(workspace, id);
      if (!found) continue;
      const events = await ledger.events(workspace, id, "supervisor", 0, whole);
      logs.set(id, events);
      rows.set(id, rowOf(found));
      for (const { cause, index, by } of events) {
        if (index !== 0 || commands.has(cause)) continue;
        const subject = { kind: "conversation" as const, id };
        const known = await ledger.findCommand(workspace, { id: cause, subject, sender: by });
        if (known)
          commands.set(cause, [{ conversation: known.conversation ?? id, seq: known.seq }]);
      }
    }
    const heads = await ledger.heads(workspace, [...rows.keys()] as ConversationId[]);
    return {
      logs,
      rows,
      commands,
      cursors: new Map([...heads].map(([id, { cursors }]) => [id, cursors])),
      agents: await ledger.agents(workspace),
      slots: null,
      queues: await ledger.queues(workspace),
    };
  };
}

const rowOf = (conversation: Conversation): Row => ({
  seq: conversation.seq,
  head: conversation.head.seq,
  status: conversation.status,
  fence: conversation.fence,
  leg: conversation.leg,
  queue: conversation.queue,
  queuedAt: conversation.queuedAt,
  owner: conversation.status === "assigned" ? conversation.agent : null,
});

function conversationsIn({ records }: History): Set<string> {
  const ids = new Set<string>();
  for (const record of records) {
    if (record.is === "invoked" || record.is === "drawn") ids.add(record.conversation);
    if (record.is === "acked" && record.conversation !== null) ids.add(record.conversation);
  }
  return ids;
}

/** Reads the tables themselves, past the server's own code: everything there is. */
export function truthFromSql({ query }: Pick<Driver, "query">, workspace: WorkspaceId): ReadTruth {
  return async () => {
    const of = <T extends object>(sql: string) => query<T>(sql, [workspace]);
    const events = await of<EventRow>(
      "select * from event where workspace = $1 order by conversation, seq",
    );
    const conversations = await of<ConversationRow>(
      "select * from conversation where workspace = $1",
    );
    const commands = await of<{ id: CommandId; conversation: string; seq: number }>(
      `select id, conversation, seq from command
        where workspace = $1 and subject_kind = 'conversation'`,
    );
    const cursors = await of<CursorRow>("select * from cursor where workspace = $1");
    const slots = await of<{ agent: AgentId; conversation: string; units: Units }>(
      "select agent, conversation, units from slot where workspace = $1",
    );
    const agents = await of<{ id: AgentId; capacity: Units }>(
      "select id, capacity from agent where workspace = $1",
    );
    const queues = await of<{ id: QueueId; step_ms: number }>(
      `select distinct on (queue) queue as id, step_ms from queue_version
        where workspace = $1 order by queue, version desc`,
    );
    return {
      logs: Map.groupBy(events.map(eventOf), ({ conversation }) => conversation),
      rows: new Map(conversations.map((row) => [row.id, rowIn(row)])),
      commands: Map.groupBy(commands, ({ id }) => id),
      cursors: new Map(cursors.map((row) => [row.conversation, cursorsIn(row)])),
      agents: agents.map(({ id, capacity }) => ({
        id,
        capacity,
        used: slots.reduce((sum, { agent, units }) => sum + (agent === id ? units : 0), 0),
      })),
      slots,
      queues: queues.map(({ id, step_ms }) => ({ id, stepSeconds: step_ms / 1_000 })),
    };
  };
}

type EventRow = Omit<ConversationEvent, "by"> & { by_kind: string; by_id: string };
type ConversationRow = Omit<Row, "head" | "queuedAt" | "owner"> & {
  id: string;
  head_seq: number;
  queued_at: number;
  agent: AgentId | null;
};
type CursorRow = {
  conversation: string;
  visitor_delivered: number;
  visitor_read: number;
  agent_delivered: number;
  agent_read: number;
};

const eventOf = ({ by_kind: kind, by_id: id, ...event }: EventRow): ConversationEvent =>
  ({ ...event, by: { kind, id } }) as ConversationEvent;

const rowIn = (row: ConversationRow): Row => ({
  seq: row.seq,
  head: row.head_seq,
  status: row.status,
  fence: row.fence,
  leg: row.leg,
  queue: row.queue,
  queuedAt: row.queued_at,
  owner: row.agent,
});

const cursorsIn = (row: CursorRow): Cursors => ({
  visitor: { delivered: row.visitor_delivered, read: row.visitor_read },
  agent: { delivered: row.agent_delivered, read: row.agent_read },
});
