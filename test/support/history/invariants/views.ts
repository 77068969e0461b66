import type { ConversationEvent } from "#shared/protocol/events.ts";
import { eventsIn, type Facts, nameOf, type Violation } from "../facts.ts";
import type { Entry, Line, Picture } from "../history.ts";

/**
 * I3: everything anybody received is the log's; what a screen shows is the log's beginning, with the
 * state that follows from it; and in the end all of it.
 */
export function views(facts: Facts): Violation[] {
  return [...received(facts), ...drawn(facts)];
}

function received(facts: Facts): Violation[] {
  const { history, truth } = facts;
  const found: Violation[] = [];
  for (const record of history.records) {
    if (record.is !== "frame") continue;
    for (const event of eventsIn(record.payload)) {
      const { conversation, seq } = event;
      const real = truth.logs.get(conversation)?.[seq - 1];
      if (real && sameEvent(real, event)) continue;
      const says = `${nameOf(facts, record.page)} received a ${event.kind} that ${real ? `is a different ${real.kind}` : "is not in the log"}`;
      found.push({ invariant: "I3", conversation, seqs: [seq], says });
    }
  }
  return found;
}

const sameEvent = (a: ConversationEvent, b: ConversationEvent): boolean =>
  a.kind === b.kind &&
  a.cause === b.cause &&
  a.index === b.index &&
  a.at === b.at &&
  a.fence === b.fence &&
  a.by.id === b.by.id &&
  textOf(a) === textOf(b);

const textOf = (event: ConversationEvent): string | null =>
  event.kind === "message" || event.kind === "note" ? event.body.text : null;

type View = {
  page: number;
  conversation: string;
  lines: Line[];
  applied: number;
  /** How many lines were held against the log. */
  checked: number;
};

function drawn(facts: Facts): Violation[] {
  const found: Violation[] = [];
  const open = new Map<number, View>();
  for (const record of facts.history.records) {
    if (record.is === "hidden") open.delete(record.view);
    if (record.is === "drawn") {
      const wrong = redraw(facts, open, record);
      if (wrong) found.push(wrong);
    }
  }
  if (facts.options.finished) {
    for (const view of open.values()) found.push(...unfinished(facts, view));
  }
  return found;
}

/** Brings a view up to date and holds what is new against the log. */
function redraw(
  facts: Facts,
  open: Map<number, View>,
  { view, page, conversation, picture }: Extract<Entry, { is: "drawn" }>,
): Violation | null {
  const before = open.get(view);
  const now =
    before?.conversation === conversation
      ? before
      : { page, conversation, lines: [], applied: 0, checked: 0 };
  open.set(view, now);
  const wrong = (seqs: number[], says: string): Violation => ({
    invariant: "I3",
    conversation,
    seqs,
    says: `${nameOf(facts, page)} ${says}`,
  });
  const { applied, lines, length } = picture;
  if (applied < now.applied) return wrong([applied, now.applied], "went back");
  now.applied = applied;
  now.lines.length = length;
  for (const [index, line] of lines) {
    now.lines[index] = line;
    if (index < now.checked) now.checked = index;
  }
  const log = logFor(facts, page, conversation);
  for (; now.checked < now.lines.length; now.checked++) {
    const line = now.lines[now.checked];
    if (!line || line.seq === null || line.seq > applied) break;
    const event = log[now.checked];
    if (!event || !draws(line, event)) {
      return wrong(
        [line.seq],
        `shows ${line.kind} ${line.key} where ${event?.kind ?? "nothing"} is`,
      );
    }
  }
  return stateWrong(facts, conversation, picture, wrong);
}

function stateWrong(
  { states }: Facts,
  conversation: string,
  { applied, state }: Picture,
  wrong: (seqs: number[], says: string) => Violation,
): Violation | null {
  const real = states.get(conversation)?.[applied - 1];
  if (!real) return wrong([applied], "has applied what is not in the log");
  const same =
    real.status === state.status && real.fence === state.fence && real.owner === state.owner;
  return same
    ? null
    : wrong(
        [applied],
        `is ${state.status} at fence ${state.fence}, not ${real.status} at ${real.fence}`,
      );
}

const draws = (line: Line, event: ConversationEvent): boolean =>
  line.seq === event.seq &&
  line.kind === event.kind &&
  line.key === `${event.cause}:${event.index}` &&
  line.text === textOf(event);

function unfinished(facts: Facts, { page, conversation, applied, lines }: View): Violation[] {
  const found: Violation[] = [];
  const last = logFor(facts, page, conversation).at(-1)?.seq ?? 0;
  const say = (seqs: number[], says: string) =>
    found.push({ invariant: "I3", conversation, seqs, says: `${nameOf(facts, page)} ${says}` });
  if (applied !== last) say([applied, last], `ends at ${applied}, the log at ${last}`);
  for (const { key, mark, text } of lines) {
    if (mark === "failed" && facts.commands.get(key.split(":")[0] ?? "")?.refusedForGood === null) {
      say([], `shows "${text}" as not sent, and nobody refused it`);
    }
  }
  return found;
}

function logFor({ history, truth, visible }: Facts, page: number, conversation: string) {
  const logs = history.pages[page]?.side === "visitor" ? visible : truth.logs;
  return logs.get(conversation) ?? [];
}
