import { effect } from "@preact/signals-core";
import type { Page, Screen, Watch } from "#server/demo/watch.ts";
import type { OutboxStore } from "#shared/client/outboxStore.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { Wire } from "#shared/client/wire.ts";
import { type Conversation, ownerOf } from "#shared/model/conversation.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import { type History, type Line, markOf, type State, type What } from "./history.ts";

/** Everything a server sends of itself; heard whether or not the session listens. */
const sent = ["events", "heads", "typing", "draining", "position", "staffed", "patch", "me"];

export type Recorder = { watch: Watch; history: History };

/** Writes down what the bots it watches do and see. */
export function recorder(): Recorder {
  const history: History = { pages: [], records: [] };
  const numbers = new Map<string, number>();
  const invoked = new Map<string, string>();
  let views = 0;
  let signatures = 0;

  const note = (page: Page, what: What) => {
    const name = `${page.tab} ${page.number}`;
    const number = numbers.get(name) ?? history.pages.push(page) - 1;
    numbers.set(name, number);
    history.records.push({ at: Date.now(), page: number, ...what });
  };

  const invokes = (page: Page, command: Omit<Sent, "fence">, kept: boolean) => {
    if (invoked.get(command.id) === command.conversation) return;
    invoked.set(command.id, command.conversation);
    const { id, conversation, kind, text } = command;
    note(page, { is: "invoked", command: id, conversation, kind, text, kept });
  };

  const wire = (page: Page, inner: Wire): Wire => {
    const hearers = new Map<string, (payload: unknown) => void>();
    for (const event of sent) {
      inner.on(event, (payload) => {
        note(page, { is: "frame", event, payload });
        hearers.get(event)?.(payload);
      });
    }
    return {
      ...inner,
      on(event, hear) {
        if (sent.includes(event)) hearers.set(event, hear);
        else inner.on(event, hear);
      },
      async emitWithAck(event, payload, patience) {
        const command = event === "command" ? commandIn(payload) : null;
        if (command) {
          invokes(page, command, false);
          const { id, conversation, kind, fence } = command;
          note(page, { is: "sent", command: id, conversation, kind, fence });
        }
        try {
          const answer = await inner.emitWithAck(event, payload, patience);
          if (command) note(page, outcome(command.id, answer as Answer<Accepted>));
          else note(page, { is: "frame", event, payload: answer });
          return answer;
        } catch (error) {
          if (command) note(page, { is: "lost", command: command.id });
          throw error;
        }
      },
    };
  };

  const store = (page: Page, inner: OutboxStore): OutboxStore => ({
    ...inner,
    async save(sender, entry) {
      const { id, conversation, command } = entry;
      const text = "text" in command ? command.text : null;
      invokes(page, { id, conversation, kind: command.kind, text }, true);
      if (entry.state.is === "failed") note(page, { is: "givenUp", command: id });
      return inner.save(sender, entry);
    },
    async remove(sender, id) {
      note(page, { is: "forgotten", command: id });
      await inner.remove(sender, id);
    },
  });

  const shown = (page: Page, screen: Screen) => {
    const view = views++;
    let lines: Line[] = [];
    let conversation: string | null = null;
    note(page, { is: "shown", view });
    const stop = effect(() => {
      const rows = screen.timeline.value;
      const state = screen.conversation.value;
      if (!state) return;
      if (state.id !== conversation) lines = [];
      conversation = state.id;
      const now = rows.map(lineOf);
      const changed = now.flatMap((line, index) => {
        const before = lines[index];
        return before && same(before, line) ? [] : [[index, line] as const];
      });
      lines = now;
      note(page, {
        is: "drawn",
        view,
        conversation: state.id,
        picture: {
          applied: state.seq,
          state: stateOf(state),
          length: now.length,
          lines: changed,
        },
      });
    });
    return () => {
      stop();
      note(page, { is: "hidden", view });
    };
  };

  return {
    history,
    watch: {
      wire(page, inner) {
        note(page, { is: "opened" });
        return wire(page, inner);
      },
      store,
      shown,
      left: (page) => note(page, { is: "left" }),
      signed: (_page, text, { kind }) => `${text} ${markOf(kind, signatures++)}`,
    },
  };
}

type Sent = {
  id: string;
  conversation: string;
  kind: string;
  text: string | null;
  fence: number | null;
};

/** A command about a conversation; what agents say about themselves is none. */
function commandIn(payload: unknown): Sent | null {
  const { id, conversation, kind, fence, content, text, note } = payload as {
    id: string;
    conversation?: string;
    kind: string;
    fence?: number;
    content?: { text: string };
    text?: string;
    note?: string;
  };
  if (conversation === undefined) return null;
  const words = content?.text ?? text ?? note ?? null;
  return { id, conversation, kind, text: words, fence: fence ?? null };
}

function outcome(command: string, answer: Answer<Accepted>): What {
  if (!answer.ok) {
    const { code, retry } = answer.refusal;
    return { is: "refused", command, code, retry };
  }
  const { conversation, seq, repeat } = answer;
  return { is: "acked", command, conversation, seq, repeat };
}

const stateOf = (conversation: Conversation): State => ({
  status: conversation.status,
  fence: conversation.fence,
  owner: ownerOf(conversation),
});

function lineOf(row: TimelineRow): Line {
  const { key, seq } = row;
  if (row.kind === "system") return { key, kind: row.event.kind, seq, mark: null, text: null };
  return { key, kind: row.kind, seq, mark: row.mark, text: row.text };
}

const same = (a: Line, b: Line): boolean =>
  a.key === b.key && a.seq === b.seq && a.mark === b.mark && a.text === b.text && a.kind === b.kind;
