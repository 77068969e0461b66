import { batch, type Signal, signal } from "@preact/signals";
import type { AgentSession, ListState, Thread } from "#shared/client/agentSession.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import { ownerOf } from "#shared/model/conversation.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { Accepted, Answer, ListRow, Me } from "#shared/protocol/sockets.ts";
import { account, now, queues, welcome } from "./cast.ts";
import { plainScript, script } from "./script.ts";

export type FakeStart = {
  me: Me;
  mine: readonly ListRow[];
  waiting: readonly ListRow[];
  waitingTotal?: number;
  parked?: readonly ListRow[];
  closed?: readonly ListRow[];
  /** Chats in no list that can be opened all the same. */
  others?: readonly ListRow[];
  timelines?: ReadonlyMap<ConversationId, readonly TimelineRow[]>;
  connection?: "connecting" | "online" | "reconnecting" | "offline" | "refused";
  refusal?: Refusal;
  /** Lists and threads stay unloaded. */
  loading?: boolean;
  /** Where the visitor is writing. */
  typing?: ConversationId;
};

/** A session without a server: what is said to it happens at once, in memory. */
export type FakeSession = AgentSession & {
  /** A visitor writes. */
  hear(id: ConversationId, text: string): void;
  /** Everything that was asked of it, newest last. */
  log: string[];
  connect(state: NonNullable<FakeStart["connection"]>): void;
  /** From now on nothing written outlives the page. */
  keepNothing(): void;
  /** A chat comes to this agent. */
  receive(row: ListRow): void;
};

export function fakeSession(start: FakeStart): FakeSession {
  let keeps = true;
  const ready = !start.loading;
  const list = (rows: readonly ListRow[], total = rows.length): Signal<ListState> =>
    signal({ rows, total, ready });
  const mine = list(start.mine);
  const waiting = list(start.waiting, start.waitingTotal);
  const parked = list(start.parked ?? []);
  const closed = list(start.closed ?? []);
  const me = signal<Me | null>(start.me);
  const connection = signal(start.connection ?? "online");
  const refusal = signal(start.refusal ?? null);
  const log: string[] = [];
  const threads = new Map<ConversationId, FakeThread>();

  const find = (id: ConversationId) =>
    [mine, waiting, parked, closed]
      .flatMap(({ value }) => value.rows)
      .concat(start.others ?? [])
      .find(({ conversation }) => conversation.id === id);
  const changeMine = (change: (rows: readonly ListRow[]) => readonly ListRow[]) => {
    const rows = change(mine.value.rows);
    mine.value = { rows, total: rows.length, ready };
    me.value = me.value && { ...me.value, used: rows.length * 100 };
  };
  const accepted: Answer<Accepted> = {
    ok: true,
    conversation: null,
    seq: 1,
    at: now,
    repeat: false,
  };

  const open = (id: ConversationId): FakeThread => {
    const row = find(id);
    const made: FakeThread = threads.get(id) ?? {
      conversation: signal(ready && row ? row.conversation : null),
      timeline: signal<readonly TimelineRow[]>(
        ready && row ? (start.timelines?.get(id) ?? plainScript(row)) : [],
      ),
      typing: signal(start.typing === id),
    };
    threads.set(id, made);
    return made;
  };
  const put = (id: ConversationId, row: TimelineRow) => {
    const { timeline } = open(id);
    timeline.value = [...timeline.value, row];
  };
  const line = (id: ConversationId) => open(id).timeline.value.length + 1;

  return {
    connection,
    refusal,
    welcome: signal(welcome(start.me)),
    me,
    mine,
    waiting,
    parked,
    closed,
    follow: () => undefined,
    online: signal(new Map(queues.map(({ id, online }) => [id, online]))),
    log,
    async setStatus(status) {
      log.push(`status ${status}`);
      me.value = me.value && { ...me.value, status };
      return accepted;
    },
    reconnect: () => void log.push("reconnect"),
    dispose: () => void log.push("dispose"),
    keepNothing() {
      keeps = false;
    },
    connect(state) {
      connection.value = state;
    },
    receive: (row) => changeMine((rows) => [...rows, row]),
    hear(id, text) {
      const seq = line(id);
      const { conversation } = open(id);
      batch(() => {
        const by = { kind: "visitor", id: conversation.value?.visitor ?? "" } as const;
        put(id, {
          key: `m${seq}`,
          kind: "message",
          by: by as Extract<TimelineRow, { kind: "message" }>["by"],
          text,
          at: now,
          mine: false,
          mark: "read",
          seq,
        });
        changeMine((rows) =>
          rows.map((row) =>
            row.conversation.id === id
              ? {
                  ...row,
                  conversation: { ...row.conversation, unansweredSince: now },
                  preview: { by: "visitor", text, at: now },
                  unread: row.unread + 1,
                }
              : row,
          ),
        );
      });
    },
    thread(id): Thread {
      const { conversation, timeline, typing } = open(id);
      const by = { kind: "agent", id: account.id } as const;
      return {
        id,
        conversation,
        timeline,
        ready: signal(ready),
        missing: signal(ready && !find(id) && conversation.value === null),
        visitorTyping: typing,
        say(text) {
          log.push(`say ${text}`);
          const key = `m${line(id)}`;
          const mark = connection.value === "online" ? "sent" : "queued";
          const seq = mark === "sent" ? line(id) : null;
          const lost = mark === "queued" && !keeps && { unkept: true as const };
          put(id, { key, kind: "message", by, text, at: now, mine: true, mark, seq, ...lost });
        },
        note(text) {
          log.push(`note ${text}`);
          const seq = line(id);
          const about = "note";
          put(id, { key: `n${seq}`, kind: "note", by, text, about, at: now, seq, mark: "sent" });
        },
        async transfer(queue, note) {
          log.push(`transfer ${queue} ${note ?? ""}`);
          const before = conversation.value;
          if (!before || ownerOf(before) !== account.id) throw new Error("not ours to transfer");
          conversation.value = { ...before, status: "queued", queue };
          const happened = script(conversation.value).queued(0, "transfer", by).rows[0];
          if (happened) put(id, { ...happened, key: `e${line(id)}` });
          changeMine((rows) => rows.filter((row) => row.conversation.id !== id));
          return accepted;
        },
        async close() {
          log.push("close");
          const before = conversation.value;
          if (before) {
            conversation.value = { ...before, status: "closed", reason: "agent", closedAt: now };
          }
          changeMine((rows) => rows.filter((row) => row.conversation.id !== id));
          return accepted;
        },
        retry(key) {
          log.push(`retry ${key}`);
          timeline.value = timeline.value.map((row) =>
            row.key === key && row.kind === "message" ? { ...row, mark: "queued" } : row,
          );
        },
        discard(key) {
          log.push(`discard ${key}`);
          timeline.value = timeline.value.filter((row) => row.key !== key);
        },
        typing: (on) => void log.push(`typing ${on}`),
        read() {
          log.push("read");
          const rows = mine.value.rows;
          if (!rows.some((row) => row.conversation.id === id && row.unread > 0)) return;
          changeMine((all) =>
            all.map((row) => (row.conversation.id === id ? { ...row, unread: 0 } : row)),
          );
        },
        leave: () => void log.push(`leave ${id}`),
      };
    },
  };
}

type FakeThread = {
  conversation: Signal<Thread["conversation"]["value"]>;
  timeline: Signal<readonly TimelineRow[]>;
  typing: Signal<boolean>;
};
