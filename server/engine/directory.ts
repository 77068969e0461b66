import type { AgentId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { CannedReply } from "#shared/protocol/sockets.ts";
import type { AgentRecord, Desk, Ledger, QueueRecord, SiteRecord } from "../ports.ts";
import { shared } from "./shared.ts";

/**
 * This node's copy of a workspace's people and settings, and of who is really there. Truth is in SQL
 * (declared status, membership, settings) and Redis (liveness); the copy is refreshed whenever the
 * `roster` channel says so and every few seconds besides, because announcements may be lost.
 */
export type Directory = {
  queues: ReadonlyMap<QueueId, QueueRecord>;
  agents: ReadonlyMap<AgentId, AgentRecord>;
  siteByKey(key: string): SiteRecord | null;
  sites(): readonly SiteRecord[];
  cannedReplies: readonly CannedReply[];
  /** Somebody could take a chat of this queue: declared online, console alive, member. */
  staffed(queue: QueueId): boolean;
  /** How many could. */
  present(queue: QueueId): number;
  live: ReadonlySet<AgentId>;
  refresh(): Promise<void>;
  /** Only the people: what an assignment or a declaration changes. */
  refreshAgents(): Promise<void>;
  refreshLive(): Promise<void>;
  setLive(live: ReadonlySet<AgentId>): void;
  /** Called after every change of what `staffed` may answer, and of any setting. */
  onChange(hear: () => void): () => void;
};

export function createDirectory(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  /** May embed every site's widget, besides the site's own origins. */
  origins: readonly string[];
}): Directory {
  const { workspace, ledger, desk, origins } = parts;
  let queues: ReadonlyMap<QueueId, QueueRecord> = new Map();
  let agents: ReadonlyMap<AgentId, AgentRecord> = new Map();
  let sites: readonly SiteRecord[] = [];
  let cannedReplies: readonly CannedReply[] = [];
  let live: ReadonlySet<AgentId> = new Set();
  let presentIn: ReadonlyMap<QueueId, number> = new Map();
  const hearers = new Set<() => void>();

  function changed(): void {
    const counted = new Map<QueueId, number>();
    for (const agent of agents.values()) {
      if (agent.disabled || agent.status !== "online" || !live.has(agent.id)) continue;
      for (const queue of agent.queues) counted.set(queue, (counted.get(queue) ?? 0) + 1);
    }
    presentIn = counted;
    for (const hear of hearers) hear();
  }

  function setLive(next: ReadonlySet<AgentId>): void {
    if (next.size === live.size && next.isSubsetOf(live)) return;
    live = next;
    changed();
  }

  /** Reads overlap, and the database may answer them in any order: what was asked earlier never wins. */
  let asked = 0;
  let taken = 0;
  async function readAgents(): Promise<() => void> {
    asked += 1;
    const turn = asked;
    const people = await ledger.agents(workspace);
    return () => {
      if (turn < taken) return;
      taken = turn;
      agents = new Map(people.map((agent) => [agent.id, agent]));
    };
  }

  return {
    get queues() {
      return queues;
    },
    get agents() {
      return agents;
    },
    get cannedReplies() {
      return cannedReplies;
    },
    get live() {
      return live;
    },
    siteByKey: (key) => sites.find((site) => site.key === key) ?? null,
    sites: () => sites,
    staffed: (queue) => presentIn.has(queue),
    present: (queue) => presentIn.get(queue) ?? 0,
    async refresh() {
      const [takeAgents, settings, places, replies] = await Promise.all([
        readAgents(),
        ledger.queues(workspace),
        ledger.sites(workspace),
        ledger.cannedReplies(workspace),
      ]);
      takeAgents();
      queues = new Map(settings.map((queue) => [queue.id, queue]));
      sites = places.map((site) => ({
        ...site,
        origins: [...new Set([...origins, ...site.origins])],
      }));
      cannedReplies = replies;
      changed();
    },
    // Asked for by every assignment and every console that comes or goes.
    refreshAgents: shared(async () => {
      const takeAgents = await readAgents();
      takeAgents();
      changed();
    }),
    setLive,
    async refreshLive() {
      const { state, live: told } = await desk.floor(workspace, 0);
      // A Desk that lost everything knows of nobody, which is not the same as nobody being there.
      if (state === "ready") setLive(told);
    },
    onChange(hear) {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
  };
}
