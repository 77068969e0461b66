import type { AgentId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { History, State } from "./history.ts";
import type { Truth } from "./truth.ts";

/** Something that must never be, with where to look. */
export type Violation = {
  invariant: Invariant;
  conversation: string | null;
  seqs: readonly number[];
  says: string;
};

export type Invariant =
  | "I1"
  | "I2"
  | "I3"
  | "I4"
  | "I5"
  | "I6"
  | "I7"
  | "I8"
  | "I9"
  | "I11"
  | "I13"
  | "I14"
  | "I16";

export type CheckOptions = {
  /**
   * How far apart two clocks, a commit and its arrival on the Desk, or the members of one routing
   * pass may be. Shorter finds more, and needs an idle machine.
   */
  slackMs: number;
  /** Everybody who wrote anything was recorded. */
  complete: boolean;
  /** Everything had time to arrive: views must be whole, and nothing may still be on its way. */
  finished: boolean;
};

/** A command as its sender knows it. */
export type Command = {
  id: string;
  page: number;
  kind: string;
  text: string | null;
  /** Where it was meant to go last. */
  conversation: string;
  /** Place of the record with which its sender began to count on it. */
  invoked: number;
  fence: number | null;
  kept: boolean;
  answers: { conversation: string | null; seq: number; repeat: boolean }[];
  refusedForGood: string | null;
  givenUp: boolean;
  forgotten: boolean;
};

export type Facts = {
  history: History;
  truth: Truth;
  options: CheckOptions;
  commands: ReadonlyMap<string, Command>;
  /** The events each command caused, by command and then conversation. */
  caused: ReadonlyMap<string, ReadonlyMap<string, readonly ConversationEvent[]>>;
  /** What visitors may see of each log. */
  visible: ReadonlyMap<string, readonly ConversationEvent[]>;
  /** Each log's state after each of its events. */
  states: ReadonlyMap<string, readonly State[]>;
  /** When somebody first saw an event, by conversation and seq. */
  seen: ReadonlyMap<string, number>;
};

export const at = (conversation: string, seq: number): string => `${conversation} ${seq}`;

/** Everything the invariants look things up in, made in one pass over each list. */
export function factsOf(history: History, truth: Truth, options: CheckOptions): Facts {
  const caused = new Map<string, Map<string, ConversationEvent[]>>();
  const visible = new Map<string, ConversationEvent[]>();
  const states = new Map<string, State[]>();
  for (const [conversation, log] of truth.logs) {
    visible.set(conversation, log.filter(visitorMaySee));
    states.set(conversation, statesOf(log));
    for (const event of log) {
      const of = caused.get(event.cause) ?? new Map<string, ConversationEvent[]>();
      caused.set(event.cause, of);
      const events = of.get(conversation) ?? [];
      of.set(conversation, events);
      events.push(event);
    }
  }
  return {
    history,
    truth,
    options,
    commands: commandsIn(history),
    caused,
    visible,
    states,
    seen: seenIn(history),
  };
}

/** Said here once more on purpose: were the product's own rule wrong, nobody would notice. */
export const visitorMaySee = ({ kind }: ConversationEvent): boolean => kind !== "note";

const moves = new Set(["queued", "assigned", "parked", "closed"]);
/** Whether an event changes owner, queue or status. */
export const isMove = ({ kind }: ConversationEvent): boolean => moves.has(kind);

function statesOf(log: readonly ConversationEvent[]): State[] {
  let state: State = { status: "parked", fence: 0, owner: null };
  return log.map((event) => {
    const { fence } = event;
    if (event.kind === "assigned") state = { status: "assigned", fence, owner: event.body.agent };
    else if (isMove(event)) {
      state = { status: event.kind as State["status"], fence, owner: null };
    } else state = { ...state, fence };
    return state;
  });
}

/** The state before an event. */
export const before = ({ states }: Facts, { conversation, seq }: ConversationEvent) =>
  states.get(conversation)?.[seq - 2] ?? null;

function commandsIn({ records }: History): Map<string, Command> {
  const commands = new Map<string, Command>();
  for (const [index, record] of records.entries()) {
    if (record.is === "invoked") {
      const known = commands.get(record.command);
      if (known) known.conversation = record.conversation;
      else {
        commands.set(record.command, {
          id: record.command,
          page: record.page,
          kind: record.kind,
          text: record.text,
          conversation: record.conversation,
          invoked: index,
          fence: null,
          kept: record.kept,
          answers: [],
          refusedForGood: null,
          givenUp: false,
          forgotten: false,
        });
      }
    }
    const command = "command" in record ? commands.get(record.command) : undefined;
    if (!command) continue;
    if (record.is === "sent") command.fence = record.fence;
    if (record.is === "acked") command.answers.push(record);
    if (record.is === "refused" && !record.retry) command.refusedForGood = record.code;
    if (record.is === "givenUp") command.givenUp = true;
    if (record.is === "forgotten") command.forgotten = true;
  }
  return commands;
}

function seenIn({ records }: History): Map<string, number> {
  const seen = new Map<string, number>();
  for (const record of records) {
    if (record.is !== "frame") continue;
    for (const { conversation, seq } of eventsIn(record.payload)) {
      const key = at(conversation, seq);
      if (!seen.has(key)) seen.set(key, record.at);
    }
  }
  return seen;
}

/** The events a frame carries, live ones and those of a sync's answer. */
export function eventsIn(payload: unknown): readonly ConversationEvent[] {
  const { events } = (payload ?? {}) as { events?: unknown };
  return Array.isArray(events) ? (events as ConversationEvent[]) : [];
}

export const nameOf = ({ history }: Facts, page: number): string => {
  const { tab, number } = history.pages[page] ?? { tab: "?", number: 0 };
  return `${tab} (page ${number})`;
};

export const isAgent = (id: string, { truth }: Facts): boolean =>
  truth.agents.some((agent) => agent.id === (id as AgentId));
