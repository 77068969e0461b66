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

function item(change: Change, i: number): object {
  const { workspace, command, conversation, events, slots, due } = change;
  const first = events[0];
  return {
    ...conversationRow(conversation),
    workspace,
    i,
    expected: change.expectedSeq,
    first_seq: first?.seq ?? conversation.seq,
    first_at: first?.at ?? conversation.at,
    last_message_seq: events.findLast((event) => event.kind === "message")?.seq ?? null,
    command: command.id,
    subject_kind: command.subject.kind,
    subject: command.subject.id,
    sender_kind: command.sender.kind,
    sender: command.sender.id,
    hash: command.hash,
    open: change.open,
    events: events.map(({ workspace: _, conversation: __, by, ...rest }) => ({
      ...rest,
      by_kind: by.kind,
      by_id: by.id,
    })),
    ...(slots.length > 0 && { slots: slots.map(({ slot, ...rest }) => ({ ...rest, ...slot })) }),
    ...(due.length > 0 && { due: due.map(dueRow) }),
  };
}

const dueRow = ({ kind, subject, at, fence }: Change["due"][number]) => ({
  kind,
  subject_kind: subject.kind,
  subject: subject.id,
  at,
  fence,
});
