import { apply } from "#shared/domain/apply.ts";
import { maskOf } from "#shared/domain/visible.ts";
import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { CommandId, ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Because, ConversationEvent, EventBody } from "#shared/protocol/events.ts";

/** What a decision says happened, before the envelope is put on. */
export type Draft = EventBody & {
  /** Owner, queue or status changes: the fence moves (decision 5). */
  fences?: true;
  /** A new leg starts: entering a queue, or being assigned directly. */
  newLeg?: true;
  because?: Because;
};

export type Envelopes = {
  workspace: WorkspaceId;
  conversation: ConversationId;
  by: Actor;
  cause: CommandId;
  now: Instant;
};

/**
 * Puts the drafts of one command into envelopes that continue `before`, and folds them.
 * Time is monotone per conversation: a node whose clock lags never dates an event before the last one.
 */
export function envelop(
  before: Conversation | null,
  drafts: readonly Draft[],
  { workspace, conversation, by, cause, now }: Envelopes,
): { events: ConversationEvent[]; after: Conversation } {
  const events: ConversationEvent[] = [];
  let state = before;
  for (const [index, { fences, newLeg, because, ...kindAndBody }] of drafts.entries()) {
    const event: ConversationEvent = {
      workspace,
      conversation,
      seq: (state?.seq ?? 0) + 1,
      prev: state?.head.seq ?? 0,
      at: Math.max(now, state?.at ?? 0),
      v: 1,
      by,
      cause,
      index,
      leg: (state?.leg ?? 0) + (newLeg ? 1 : 0),
      fence: (state?.fence ?? 0) + (fences ? 1 : 0),
      audience: maskOf(kindAndBody.kind),
      because: because ?? null,
      ...kindAndBody,
    };
    state = apply(state, event);
    events.push(event);
  }
  if (!state) throw new Error("a decision without events has nothing to commit");
  return { events, after: state };
}
