import { type Conversation, isOpen, ownerOf } from "#shared/model/conversation.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Change, CommandRecord, SlotChange } from "../ports.ts";

/**
 * All that a commit has to change, derived from where the conversation was and is now, so that no
 * command can forget a slot or the visitor's one open place (SPEC D13).
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
    events,
    slots: slotChanges(before, after),
    due: [],
    open: openChange(before, after),
  };
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
