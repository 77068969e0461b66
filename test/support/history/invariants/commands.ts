import type { ConversationEvent } from "#shared/protocol/events.ts";
import { type Command, type Facts, nameOf, type Violation } from "../facts.ts";

/**
 * I1: what was acknowledged is in the log, where the answer said; what was not is sent again until it
 * is answered. I4: one command, one commit, remembered under its id. I6: nothing is in the log that
 * nobody asked for.
 */
export function commands(facts: Facts): Violation[] {
  return [...acknowledged(facts), ...unanswered(facts), ...once(facts), ...askedFor(facts)];
}

const seqsOf = (events: Iterable<ConversationEvent>) => Array.from(events, ({ seq }) => seq);

function acknowledged({ commands, caused, truth }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const { id, kind, answers } of commands.values()) {
    const effects = caused.get(id);
    for (const { conversation, seq, repeat } of answers) {
      const say = (says: string) =>
        found.push({ invariant: "I1", conversation, seqs: [seq], says: `${kind} ${id} ${says}` });
      if (conversation === null) continue;
      const first = effects?.get(conversation)?.[0];
      if (first) {
        if (first.seq !== seq) say(`was acknowledged as ${seq} and is ${first.seq}`);
      } else if (!(kind === "start" && repeat && truth.rows.has(conversation))) {
        // Starting what is there already makes nothing new.
        say("was acknowledged and is not in the log");
      }
    }
  }
  return found;
}

function unanswered(facts: Facts): Violation[] {
  const { commands, options, history } = facts;
  if (!options.finished) return [];
  const open = openPages(facts);
  const found: Violation[] = [];
  for (const command of commands.values()) {
    const page = open.get(history.pages[command.page]?.tab ?? "");
    if (page === undefined || settled(command)) continue;
    // An order to close or to pass on is forgotten with its page: whoever gave it looks for itself.
    if (!command.kept && page !== command.page) continue;
    const { id, kind, conversation, givenUp } = command;
    const what = givenUp ? "was given up without an answer" : "never got an answer";
    const says = `${kind} ${id} of ${nameOf(facts, command.page)} ${what}`;
    found.push({ invariant: "I1", conversation, seqs: [], says });
  }
  return found;
}

const settled = ({ answers, refusedForGood }: Command): boolean =>
  answers.length > 0 || refusedForGood !== null;

/** The page each tab shows at the end: where somebody still sits, the outbox must be empty by then. */
function openPages({ history }: Facts): Map<string, number> {
  const open = new Map<string, number>();
  for (const { is, page } of history.records) {
    const tab = history.pages[page]?.tab ?? "";
    if (is === "opened") open.set(tab, page);
    if (is === "left" && open.get(tab) === page) open.delete(tab);
  }
  return open;
}

function once({ caused, truth }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [id, places] of caused) {
    const say = (conversation: string, events: readonly ConversationEvent[], says: string) =>
      found.push({ invariant: "I4", conversation, seqs: seqsOf(events), says: `${id} ${says}` });
    for (const [conversation, events] of places) {
      const commits = events.filter(({ index }) => index === 0).length;
      if (commits !== 1) say(conversation, events, `was committed ${commits} times`);
      else if (events.some(({ seq, index }) => seq - index !== events[0]?.seq)) {
        say(conversation, events, "did not make its events in one go");
      }
      if (places.size > 1) say(conversation, events, `went to ${places.size} conversations`);
      const [first] = events;
      const kept = truth.commands.get(id) ?? [];
      if (
        first &&
        !kept.some((one) => one.conversation === conversation && one.seq === first.seq)
      ) {
        say(conversation, events, "is not remembered as what it became");
      }
    }
  }
  return found;
}

function askedFor(facts: Facts): Violation[] {
  const { commands, truth, options, history } = facts;
  const found: Violation[] = [];
  for (const [conversation, log] of truth.logs) {
    for (const event of log) {
      if (event.by.kind !== "visitor" && event.by.kind !== "agent") continue;
      const say = (says: string) =>
        found.push({ invariant: "I6", conversation, seqs: [event.seq], says });
      const command = commands.get(event.cause);
      if (!command) {
        if (options.complete) say(`${event.kind} was asked for by nobody (${event.cause})`);
        continue;
      }
      const side = history.pages[command.page]?.side;
      if (side !== event.by.kind)
        say(`${event.kind} is signed by a ${event.by.kind}, not the ${side}`);
      const written = event.kind === "message" || event.kind === "note" ? event.body.text : null;
      if (written !== null && written !== command.text?.trim()) {
        say(`${event.kind} is not what was written`);
      }
    }
  }
  return found;
}
