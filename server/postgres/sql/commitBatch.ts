import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Change, Committed } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { conversationRow } from "../rows/conversation.ts";

type Verdict = {
  i: number;
  status: Committed["status"];
  seq: number | null;
  at: number | null;
  conversation: string | null;
  agent: string | null;
  xid: string | null;
};

/**
 * Commits a batch in one round trip; the answers come in the order of the changes. The rules about
 * what may share a batch are in migrations/0002-commit-batch.sql; `groupCommit` keeps them.
 */
export async function commitBatch(
  driver: Driver,
  changes: readonly Change[],
): Promise<Committed[]> {
  const rows = await driver.query<Verdict>("select * from commit_batch($1::jsonb)", [
    JSON.stringify(changes.map(item)),
  ]);
  const answers = new Map(rows.map((row) => [row.i, committedOf(row)]));
  return changes.map((_, i) => {
    const answer = answers.get(i);
    if (!answer) throw new Error(`commit_batch gave no verdict for item ${i}`);
    return answer;
  });
}

const committedOf = ({ i: _, ...row }: Verdict): Committed => {
  const { status, seq, at, conversation, agent, xid } = row;
  switch (status) {
    case "committed":
      return { status, seq, at, xid } as Committed;
    case "repeat":
      return { status, seq, at, conversation } as Committed;
    case "openElsewhere":
      return { status, conversation } as Committed;
    case "full":
      return { status, agent } as Committed;
    default:
      return { status };
  }
};

/** Every message makes one, so what an ordinary message leaves as it was isn't sent. */
function item(change: Change, i: number): object {
  const { command, conversation, events, slots, due, open } = change;
  const { site, visitor, head } = conversation;
  const first = events[0];
  return {
    i,
    workspace: change.workspace,
    id: conversation.id,
    expected: change.expectedSeq,
    first_seq: first?.seq ?? conversation.seq,
    first_at: first?.at ?? conversation.at,
    seq: conversation.seq,
    at: conversation.at,
    head_seq: head.seq,
    head_at: head.at,
    unanswered_since: conversation.unansweredSince,
    last_message_seq: events.findLast((event) => event.kind === "message")?.seq,
    command: command.id,
    subject_kind: command.subject.kind,
    subject: command.subject.id,
    sender_kind: command.sender.kind,
    sender: command.sender.id,
    hash: command.hash,
    events: events.map(eventRow),
    ...(!change.onlyCounters && { rest: conversationRow(conversation) }),
    ...(open && { open, site, visitor }),
    ...(slots.length > 0 && { slots: slots.map(({ slot, ...rest }) => ({ ...rest, ...slot })) }),
    ...(due.length > 0 && { due: due.map(dueRow) }),
  };
}

const eventRow = (event: ConversationEvent) => ({
  seq: event.seq,
  prev: event.prev,
  at: event.at,
  kind: event.kind,
  v: event.v,
  by_kind: event.by.kind,
  by_id: event.by.id,
  cause: event.cause,
  index: event.index,
  leg: event.leg,
  fence: event.fence,
  audience: event.audience,
  because: event.because ?? undefined,
  body: event.body,
});

const dueRow = ({ kind, subject, at, fence }: Change["due"][number]) => ({
  kind,
  subject_kind: subject.kind,
  subject: subject.id,
  at,
  fence,
});
