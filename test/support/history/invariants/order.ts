import type { Facts, Violation } from "../facts.ts";

/**
 * I5: a sender's commands stand in the log in the order in which they were written; and what was
 * acknowledged before something else was written, by whomever, stands before it.
 */
export function order({ history, commands, caused }: Facts): Violation[] {
  const found: Violation[] = [];
  /** The highest seq acknowledged so far, by conversation. */
  const acknowledged = new Map<string, number>();
  /** The last one of a tab in a conversation. */
  const previous = new Map<string, number>();
  for (const [index, record] of history.records.entries()) {
    if (record.is === "acked" && record.conversation !== null) {
      const known = acknowledged.get(record.conversation) ?? 0;
      acknowledged.set(record.conversation, Math.max(known, record.seq));
    }
    if (record.is !== "invoked") continue;
    const command = commands.get(record.command);
    const seq = caused.get(record.command)?.get(record.conversation)?.[0]?.seq;
    if (!command || seq === undefined || command.invoked !== index) continue;
    const { conversation } = record;
    const say = (than: number, says: string) =>
      found.push({
        invariant: "I5",
        conversation,
        seqs: [seq, than],
        says: `${command.kind} ${command.id} ${says}`,
      });
    const floor = acknowledged.get(conversation) ?? 0;
    if (seq <= floor)
      say(floor, "was written after another was acknowledged, and stands before it");
    const own = `${history.pages[record.page]?.tab} ${conversation}`;
    const last = previous.get(own) ?? 0;
    if (seq <= last) say(last, "stands before what its sender wrote earlier");
    previous.set(own, Math.max(last, seq));
  }
  return found;
}
