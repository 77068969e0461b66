import type { ConversationEvent } from "#shared/protocol/events.ts";
import { type Facts, isMove, type Violation, visitorMaySee } from "../facts.ts";

/**
 * I2: in each log the numbers run 1, 2, 3 … without a gap, each event names the last one before it
 * that visitors may see, and time doesn't run back. I7: the fence moves by one with every change of
 * owner, queue or status and with nothing else, so no fence has two owners.
 */
export function log({ truth }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [conversation, events] of truth.logs) {
    const say = (invariant: "I2" | "I7", { seq }: ConversationEvent, says: string) =>
      found.push({ invariant, conversation, seqs: [seq], says });
    let head = 0;
    let time = 0;
    let fence = 0;
    for (const [index, event] of events.entries()) {
      const { seq, prev, at } = event;
      if (seq !== index + 1) say("I2", event, `stands where ${index + 1} belongs`);
      if (prev !== head) say("I2", event, `names ${prev} as the visitor's last, it was ${head}`);
      if (at < time) say("I2", event, `is dated ${time - at} ms before the event before it`);
      const due = fence + (isMove(event) ? 1 : 0);
      if (event.fence !== due)
        say("I7", event, `${event.kind} has fence ${event.fence}, not ${due}`);
      if (visitorMaySee(event)) head = seq;
      time = Math.max(time, at);
      fence = event.fence;
    }
    const row = truth.rows.get(conversation);
    const last = events.at(-1);
    if (last && row && row.seq !== last.seq)
      say("I2", last, `ends the log, the row says ${row.seq}`);
    if (last && row && row.head !== head) {
      say("I2", last, `visitors' head is ${head}, the row says ${row.head}`);
    }
  }
  return found;
}
