import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Channel } from "../ports.ts";

/**
 * Every key Parley uses in Redis, spelled here and nowhere else. All keys of a workspace carry its
 * hash tag, so in a cluster they lie on one node and a script may touch several of them.
 */
export const keys = {
  /** Hash {epoch, state, since}: whether what is here may be believed, and since when. */
  epoch: (workspace: WorkspaceId) => key(workspace, "epoch"),
  /** Hash conversation → where it is: `seq q queue score member units epoch` or `seq a agent units epoch`. */
  places: (workspace: WorkspaceId) => key(workspace, "places"),
  /** Prefix; + conversation → the seq with which it left. Expires. */
  tombstone: (workspace: WorkspaceId) => key(workspace, "tombstone:"),
  /** Sorted set of all waiting, in the order they are served. */
  waiting: (workspace: WorkspaceId) => key(workspace, "waiting"),
  /** Prefix; + queue → sorted set of those waiting there, in the same order. */
  queue: (workspace: WorkspaceId) => key(workspace, "queue:"),
  /** Set of the queues in which somebody ever waited: what stands in an empty one is found by it. */
  queues: (workspace: WorkspaceId) => key(workspace, "queues"),
  /** Hash agent → units held and reserved. */
  units: (workspace: WorkspaceId) => key(workspace, "units"),
  /** Hash conversation → `agent units` while a decision about it is on its way. */
  reserved: (workspace: WorkspaceId) => key(workspace, "reserved"),
  /** Sorted set conversation → when its reservation ends by itself. */
  reservedUntil: (workspace: WorkspaceId) => key(workspace, "reserved:until"),
  /** Sorted set `id:connection` → when it counts as gone unless it is heard of again. */
  live: (workspace: WorkspaceId, kind: "agent" | "visitor") => key(workspace, `live:${kind}`),
  /** Sorted set id → its last sign of life. */
  seen: (workspace: WorkspaceId, kind: "agent" | "visitor") => key(workspace, `seen:${kind}`),
  /** Hash {epoch, beats}: how far the log certainly was. */
  logMark: (workspace: WorkspaceId) => key(workspace, "log"),
  /** Pattern of all of them. */
  all: (workspace: WorkspaceId) => key(workspace, "*"),
  channel: (workspace: WorkspaceId, channel: Channel) => key(workspace, channel),
};

const key = (workspace: WorkspaceId, name: string): string => `{${workspace}}:${name}`;

/** Zero-padded, so that members of equal score sort by queuedAt, then by id. */
export const waitingMember = (queuedAt: Instant, conversation: string): string =>
  `${String(queuedAt).padStart(15, "0")}:${conversation}`;

export const queuedAtOf = (member: string): Instant => Number(member.slice(0, member.indexOf(":")));

export const liveMember = (id: string, connection: string): string => `${id}:${connection}`;

export const idOfLive = (member: string): string => member.slice(0, member.indexOf(":"));
