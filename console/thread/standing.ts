import type { TimelineRow } from "#shared/client/timeline.ts";
import type { CloseReason, Conversation, ParkReason } from "#shared/model/conversation.ts";
import type { AgentId, QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";

/** Where a chat stands towards the agent who looks at it; it decides what can be written and done. */
export type Standing =
  | { kind: "mine" }
  | { kind: "waiting"; queue: QueueId }
  | { kind: "other"; agent: AgentId }
  /** It was ours and went to another queue. */
  | { kind: "transferred"; queue: QueueId }
  /** Nobody could take it; `unattended` ones wait again as soon as somebody can. */
  | { kind: "parked"; why: ParkReason; queue: QueueId }
  | { kind: "closed"; reason: CloseReason; at: Instant };

export function standingOf(
  conversation: Conversation,
  me: AgentId,
  timeline: readonly TimelineRow[],
): Standing {
  switch (conversation.status) {
    case "assigned":
      return conversation.agent === me
        ? { kind: "mine" }
        : { kind: "other", agent: conversation.agent };
    case "closed":
      return { kind: "closed", reason: conversation.reason, at: conversation.closedAt };
    case "parked":
      return { kind: "parked", why: conversation.why, queue: conversation.queue };
    case "queued":
    case "offered":
      return leftUs(me, timeline)
        ? { kind: "transferred", queue: conversation.queue }
        : { kind: "waiting", queue: conversation.queue };
  }
}

/** Whether the last to hold the chat was this agent and a transfer took it away. */
function leftUs(me: AgentId, timeline: readonly TimelineRow[]): boolean {
  const events = timeline.flatMap((row) => (row.kind === "system" ? [row.event] : []));
  const queued = events.findLastIndex((event) => event.kind === "queued");
  const assigned = events.findLastIndex((event) => event.kind === "assigned");
  const [last, holder] = [events[queued], events[assigned]];
  return (
    last?.kind === "queued" &&
    last.body.why === "transfer" &&
    holder?.kind === "assigned" &&
    holder.body.agent === me &&
    assigned < queued
  );
}
