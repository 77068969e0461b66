import type { Namespace, Socket } from "socket.io";
import type { AgentId, ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { Millis } from "#shared/model/time.ts";
import type { ListName } from "#shared/protocol/requests.ts";
import type { ListPatch, ListRow, ListWindow } from "#shared/protocol/sockets.ts";
import { everyList, type Touched } from "../engine/notices.ts";
import { createRounds } from "../engine/rounds.ts";
import { type Ledger, LedgerUnavailable, type ListPage } from "../ports.ts";

/**
 * The console's lists as versioned windows (decision 11): a snapshot with a version, then
 * patches, a gap asks again. A window is read from SQL whenever something in it may have changed, at
 * most once per beat, and compared with what was sent last: it can't drift from the truth.
 */
export type Lists = {
  window(socket: Socket, agent: AgentId, list: ListName): Promise<ListWindow>;
  /** These agents' chats, or those waiting, parked or closed, may have changed. */
  touch(change: Touched): void;
  /** Something may have been missed: reads every window that is followed here again. */
  look(): void;
  settle(): Promise<void>;
  stop(): void;
};

type Window = {
  version: number;
  sent: Map<ConversationId, string>;
  total: number;
  rows: ListRow[];
};

type Parts = {
  workspace: WorkspaceId;
  ledger: Ledger;
  agents: Namespace;
  /** Which queues' chats an agent may read in lists. */
  queuesOf(agent: AgentId): readonly QueueId[];
  /** After each beat: whose windows were read again. */
  refreshed(touched: Touched): void;
  warn(message: string, error: unknown): void;
};

const beat: Millis = 100;
/** Before reading again when it failed: SQL that is away doesn't come back sooner for being asked. */
const pause: Millis = 1_000;
/** Rows a window holds; `total` tells how many there are. */
const length = 200;
/** Of the closed chats only the newest are listed. */
const closedLength = 100;

/** Everybody sees the same chats waiting; of the others each agent's own. */
const roomOf = (list: ListName, agent: AgentId): string =>
  list === "waiting" ? "list:waiting" : `list:${list}:${agent}`;

/** Lists of what lies in an agent's queues. */
type QueueList = Extract<ListName, "parked" | "closed">;
const queueLists: readonly QueueList[] = ["parked", "closed"];

const nothing = () => ({ waiting: false, parked: false, closed: false, held: false });

export function createLists(parts: Parts): Lists {
  const { workspace, ledger, agents, queuesOf, refreshed, warn } = parts;
  const windows = new Map<string, Window>();
  const following = { parked: new Set<AgentId>(), closed: new Set<AgentId>() };
  let dirtyAgents = new Set<AgentId>();
  let allAgents = false;
  let dirty = nothing();
  const rounds = createRounds(
    () => inTurn(flush),
    (error) => warn("refreshing lists failed", error),
  );
  let running: Promise<void> = Promise.resolve();

  /** Reads and patches run one after another, so that a window's versions follow its contents. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = running.then(task);
    running = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async function read(list: ListName, agent: AgentId): Promise<ListPage> {
    if (list === "waiting") return ledger.waiting(workspace, length);
    if (list !== "mine") return readQueues(list, queuesOf(agent));
    const pages = await ledger.mine(workspace, [agent], length);
    return pages.get(agent) ?? { rows: [], total: 0 };
  }

  const readQueues = (list: QueueList, queues: readonly QueueId[]): Promise<ListPage> =>
    list === "parked"
      ? ledger.parked(workspace, queues, length)
      : ledger.closed(workspace, queues, closedLength);

  /** Brings a window up to date and tells its followers what changed. */
  function update(list: ListName, room: string, page: ListPage): Window {
    const known = windows.get(room) ?? { version: 0, sent: new Map(), total: 0, rows: [] };
    const sent = new Map(
      page.rows.map((row) => [row.conversation.id, JSON.stringify(row)] as const),
    );
    const upsert = page.rows.filter(
      ({ conversation: { id } }) => known.sent.get(id) !== sent.get(id),
    );
    const remove = [...known.sent.keys()].filter((id) => !sent.has(id));
    if (upsert.length === 0 && remove.length === 0 && page.total === known.total) {
      windows.set(room, known);
      return known;
    }
    const version = known.version + 1;
    const next = { version, sent, total: page.total, rows: page.rows };
    windows.set(room, next);
    const patch: ListPatch = { list, version, upsert, remove, total: page.total };
    agents.to(room).emit("patch", patch);
    return next;
  }

  async function flush(): Promise<void> {
    const touched: Touched = { agents: allAgents ? "all" : [...dirtyAgents], ...dirty };
    dirtyAgents = new Set();
    allAgents = false;
    dirty = nothing();
    try {
      await refresh(touched);
    } catch (error) {
      touch(touched, pause);
      if (!(error instanceof LedgerUnavailable)) throw error;
    }
  }

  async function refresh(touched: Touched): Promise<void> {
    const whose = touched.agents === "all" ? followedAgents() : touched.agents;
    const followed = whose.filter((agent) => followers(roomOf("mine", agent)));
    const pages = followed.length > 0 ? await ledger.mine(workspace, followed, length) : new Map();
    for (const agent of followed) {
      update("mine", roomOf("mine", agent), pages.get(agent) ?? { rows: [], total: 0 });
    }
    const waitingRoom = roomOf("waiting", "" as AgentId);
    if (touched.waiting && followers(waitingRoom)) {
      update("waiting", waitingRoom, await ledger.waiting(workspace, length));
    }
    for (const list of queueLists) if (touched[list]) await refreshQueues(list);
    refreshed(touched);
  }

  /** Who has the same queues sees the same chats, so these are read once for all of them. */
  async function refreshQueues(list: QueueList): Promise<void> {
    const pages = new Map<string, ListPage>();
    for (const agent of following[list]) {
      const room = roomOf(list, agent);
      if (!followers(room)) {
        following[list].delete(agent);
        continue;
      }
      const queues = queuesOf(agent);
      const key = [...queues].sort().join();
      const page = pages.get(key) ?? (await readQueues(list, queues));
      pages.set(key, page);
      update(list, room, page);
    }
  }

  /** Whose own chats anybody looks at here. */
  function followedAgents(): AgentId[] {
    const prefix = roomOf("mine", "" as AgentId);
    const followed = [...agents.adapter.rooms.keys()].filter((room) => room.startsWith(prefix));
    return followed.map((room) => room.slice(prefix.length) as AgentId);
  }

  /** A window nobody follows is forgotten: the next follower starts from a fresh one. */
  function followers(room: string): boolean {
    if (agents.adapter.rooms.has(room)) return true;
    windows.delete(room);
    return false;
  }

  function touch(change: Touched, wait: Millis = beat): void {
    if (change.agents === "all") allAgents = true;
    else for (const agent of change.agents) dirtyAgents.add(agent);
    dirty.waiting ||= change.waiting;
    dirty.parked ||= change.parked;
    dirty.closed ||= change.closed;
    dirty.held ||= change.held;
    rounds.soon(wait);
  }

  return {
    window: (socket, agent, list) =>
      inTurn(async () => {
        const room = roomOf(list, agent);
        const page = await read(list, agent);
        const { version, rows, total } = update(list, room, page);
        // A socket that left meanwhile would stay a follower for ever.
        if (!socket.disconnected) {
          if (list === "parked" || list === "closed") following[list].add(agent);
          await socket.join(room);
        }
        return { list, version, rows, total };
      }),
    touch: (change) => touch(change),
    look: () => touch(everyList),
    settle: rounds.settle,
    stop: rounds.stop,
  };
}
