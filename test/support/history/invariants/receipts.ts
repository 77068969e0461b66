import type { Cursors, Head } from "#shared/protocol/sockets.ts";
import { type Facts, nameOf, type Violation } from "../facts.ts";
import type { Entry, Line } from "../history.ts";

/**
 * I16: how far each side has got never goes back, for anybody who looks, and never beyond the log;
 * visitors hear of no event that they may not see.
 */
export function receipts(facts: Facts): Violation[] {
  return [...told(facts), ...kept(facts), ...shown(facts)];
}

type Told = { conversation: string; cursors: Cursors; head: number };

function told(facts: Facts): Violation[] {
  const { history, truth, visible } = facts;
  const found: Violation[] = [];
  for (const record of history.records) {
    if (record.is !== "frame") continue;
    const side = history.pages[record.page]?.side;
    for (const { conversation, cursors, head } of cursorsIn(record)) {
      const log = (side === "visitor" ? visible : truth.logs).get(conversation);
      const last = log?.at(-1)?.seq ?? 0;
      const say = (seq: number, says: string) =>
        found.push({
          invariant: "I16",
          conversation,
          seqs: [seq, last],
          says: `${nameOf(facts, record.page)} was told of ${says}`,
        });
      if (head > last) say(head, `a head of ${head}, beyond ${last}`);
      const final = truth.cursors.get(conversation);
      for (const who of ["visitor", "agent"] as const) {
        for (const what of ["delivered", "read"] as const) {
          const seq = cursors[who][what];
          if (seq > (final?.[who][what] ?? 0))
            say(seq, `${who} ${what} up to ${seq}, which was lost`);
        }
      }
    }
  }
  return found;
}

/** The cursors in a frame: of heads, of a join's answer; a sync's answer belongs to what was asked. */
function cursorsIn({ payload }: Extract<Entry, { is: "frame" }>): Told[] {
  const { heads, head } = (payload ?? {}) as { heads?: Head[]; head?: Head | number };
  if (Array.isArray(heads)) return heads;
  return typeof head === "object" && head !== null ? [head] : [];
}

function kept({ truth }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [conversation, cursors] of truth.cursors) {
    const row = truth.rows.get(conversation);
    for (const who of ["visitor", "agent"] as const) {
      const { delivered, read } = cursors[who];
      const most = (who === "visitor" ? row?.head : row?.seq) ?? 0;
      const say = (says: string) =>
        found.push({ invariant: "I16", conversation, seqs: [delivered, read, most], says });
      if (delivered > most) say(`${who} was delivered what does not exist`);
      if (read > delivered) say(`${who} read what was not delivered`);
    }
  }
  return found;
}

const marksInOrder = ["queued", "sent", "delivered", "read"];

/** A line's mark only ever moves on. */
function shown(facts: Facts): Violation[] {
  const found: Violation[] = [];
  const views = new Map<number, { conversation: string; marks: Map<string, Line> }>();
  for (const record of facts.history.records) {
    if (record.is !== "drawn") continue;
    const { view, conversation } = record;
    const known = views.get(view);
    const now = known?.conversation === conversation ? known : { conversation, marks: new Map() };
    views.set(view, now);
    for (const [, line] of record.picture.lines) {
      const before = now.marks.get(line.key);
      now.marks.set(line.key, line);
      const [was, is] = [before?.mark, line.mark].map((mark) => marksInOrder.indexOf(mark ?? ""));
      if (was === undefined || is === undefined || was < 0 || is < 0 || is >= was) continue;
      const says = `${nameOf(facts, record.page)} saw ${before?.mark} become ${line.mark}`;
      found.push({ invariant: "I16", conversation, seqs: line.seq ? [line.seq] : [], says });
    }
  }
  return found;
}
