import type { ConversationEvent } from "#shared/protocol/events.ts";
import { type Facts, nameOf, type Violation } from "../facts.ts";
import { marks, marksNote } from "../history.ts";

/**
 * I14: nothing that reaches a visitor holds a note, another visitor's conversation, or why routing
 * decided as it did. Every text carries a mark of its own, looked for in every frame as it came.
 */
export function secrets(facts: Facts): Violation[] {
  const { history, truth } = facts;
  const home = homes(truth.logs.values());
  const own = ownConversations(facts);
  const found: Violation[] = [];
  for (const record of history.records) {
    const page = history.pages[record.page];
    if (record.is !== "frame" || page?.side !== "visitor") continue;
    const say = (conversation: string | null, seqs: number[], says: string) => {
      const told = `${nameOf(facts, record.page)} received ${says} in "${record.event}"`;
      found.push({ invariant: "I14", conversation, seqs, says: told });
    };
    const raw = JSON.stringify(record.payload) ?? "";
    for (const [mark] of raw.matchAll(marks)) {
      const from = home.get(mark);
      if (marksNote(mark)) say(from?.conversation ?? null, from ? [from.seq] : [], "a note");
      else if (from && !own.get(page.tab)?.has(from.conversation)) {
        say(from.conversation, [from.seq], "another visitor's words");
      }
    }
    for (const event of eventsAnywhere(record.payload)) {
      const { conversation, seq } = event;
      if (event.kind === "note") say(conversation, [seq], "a note's event");
      if (event.because) say(conversation, [seq], "routing's reasons");
    }
  }
  return found;
}

/** Where each marked text stands. */
function homes(logs: Iterable<readonly ConversationEvent[]>) {
  const home = new Map<string, ConversationEvent>();
  for (const log of logs) {
    for (const event of log) {
      if (event.kind !== "message" && event.kind !== "note") continue;
      for (const [mark] of event.body.text.matchAll(marks)) home.set(mark, event);
    }
  }
  return home;
}

/** The conversations a visitor's tab has a part in, by the log: whose visitor its own commands came from. */
function ownConversations({ history, commands, caused, truth }: Facts) {
  const visitorOf = new Map<string, string>();
  for (const { id, page } of commands.values()) {
    const of = history.pages[page];
    const [events] = caused.get(id)?.values() ?? [];
    if (of?.side === "visitor" && events?.[0]) visitorOf.set(of.tab, events[0].by.id);
  }
  const byVisitor = new Map<string, Set<string>>();
  for (const [conversation, [first]] of truth.logs) {
    if (first?.kind !== "started") continue;
    const all = byVisitor.get(first.body.visitor) ?? new Set();
    byVisitor.set(first.body.visitor, all);
    all.add(conversation);
  }
  return new Map(
    [...visitorOf].map(([tab, visitor]) => [tab, byVisitor.get(visitor) ?? new Set<string>()]),
  );
}

function eventsAnywhere(payload: unknown): readonly ConversationEvent[] {
  const { events } = (payload ?? {}) as { events?: unknown };
  return Array.isArray(events) ? (events as ConversationEvent[]) : [];
}
