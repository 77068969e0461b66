import type { Actor } from "#shared/model/actor.ts";
import type { Units } from "#shared/model/agent.ts";
import { type Conversation, isOpen, ownerOf } from "#shared/model/conversation.ts";
import type { AgentId, CommandId, WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";

/** What a command is about. */
export type Subject = { kind: "conversation" | "agent"; id: string };

/** How a command is remembered, so that a repeat gets the first answer (decision 6). */
export type CommandRecord = {
  id: CommandId;
  subject: Subject;
  sender: Actor;
  /** Keyed hash of the command's canonical body: the same id with another hash is refused. */
  hash: string;
};

/** One agent's share of one conversation, as the commit should leave it; null takes it away. */
export type SlotChange = {
  agent: AgentId;
  slot: {
    units: Units;
    kind: "offer" | "active" | "idle" | "wrapup";
    until: Instant | null;
  } | null;
  /** Only an audited force by a supervisor skips the capacity check. */
  force?: true;
};

/** One row per (kind, subject): `at` null removes it. */
export type DueChange = { kind: DueKind; subject: Subject; at: Instant | null; fence: number };
export type DueKind = "wake";

/** All that one decided command changes; committed whole or not at all. */
export type Change = {
  workspace: WorkspaceId;
  command: CommandRecord;
  /** The conversation's seq the decision was made on; 0 for one that doesn't exist yet. */
  expectedSeq: number;
  /** The conversation after `events`, exactly as `apply` folds it. */
  conversation: Conversation;
  /** Only how far the log has got differs from before: what an ordinary message does. */
  onlyCounters: boolean;
  events: readonly ConversationEvent[];
  slots: readonly SlotChange[];
  due: readonly DueChange[];
  /** `claim` takes the visitor's one open place, `release` gives it back. */
  open: "claim" | "release" | null;
};

/**
 * All that a commit has to change, derived from where the conversation was and is now, so that no
 * command can forget a slot or the visitor's one open place (SPEC DC13).
 */
export function changeOf(
  before: Conversation | null,
  after: Conversation,
  events: readonly ConversationEvent[],
  command: CommandRecord,
): Change {
  return {
    workspace: after.workspace,
    command,
    expectedSeq: before?.seq ?? 0,
    conversation: after,
    onlyCounters: before !== null && onlyCounters(before, after),
    events,
    slots: slotChanges(before, after),
    due: [],
    open: openChange(before, after),
  };
}

const counters: ReadonlySet<string> = new Set<keyof Conversation>([
  "seq",
  "at",
  "head",
  "unansweredSince",
]);

function onlyCounters(before: Conversation, after: Conversation): boolean {
  if (before.status !== after.status) return false;
  for (const key in after) {
    const name = key as keyof Conversation;
    if (before[name] !== after[name] && !counters.has(name)) return false;
  }
  return true;
}

function slotChanges(before: Conversation | null, after: Conversation): SlotChange[] {
  const from = before && ownerOf(before);
  const to = ownerOf(after);
  if (from === to) return [];
  const changes: SlotChange[] = [];
  if (from) changes.push({ agent: from, slot: null });
  if (to) changes.push({ agent: to, slot: { units: after.units, kind: "active", until: null } });
  return changes;
}

function openChange(before: Conversation | null, after: Conversation): Change["open"] {
  const was = before !== null && isOpen(before);
  const is = isOpen(after);
  if (was === is) return null;
  return is ? "claim" : "release";
}

/** For adapters: a change whose events don't lead from its expected seq to its conversation is a bug. */
export function refuseHoles({ expectedSeq, events, conversation }: Change): void {
  const dense = events.every(({ seq }, i) => seq === expectedSeq + 1 + i);
  if (!dense || conversation.seq !== expectedSeq + events.length) {
    throw new Error(`events don't lead from seq ${expectedSeq} to ${conversation.seq}`);
  }
}
