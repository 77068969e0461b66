import { setTimeout as sleep } from "node:timers/promises";
import { effect } from "@preact/signals-core";
import { type AgentSession, agentSession, type Thread } from "#shared/client/agentSession.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import { ownerOf } from "#shared/model/conversation.ts";
import type { ConversationId, QueueId } from "#shared/model/ids.ts";
import { minutes, seconds } from "#shared/model/time.ts";
import { agentNamespace, type QueueInfo } from "#shared/protocol/sockets.ts";
import { becomes } from "./becomes.ts";
import { memoryStore } from "./memoryStore.ts";
import { nodeWire } from "./nodeWire.ts";
import { paceOf } from "./pace.ts";
import { pick, type Random } from "./random.ts";
import { type HeardLine, languageOf, lineBehind } from "./scripts.ts";
import { surroundings, waited } from "./surroundings.ts";
import { unwatched, type Watch } from "./watch.ts";

/** Somebody at the console, played by a program over the same socket the console uses. */
export type AgentBot = {
  /** Null until the server has said who it is. */
  name(): string | null;
  holding(): number;
  written(): number;
  /** Starts the page anew, as somebody who presses F5. */
  reload(): void;
  /** Does nothing more, but keeps the page open. */
  rest(): void;
  /** Goes away first, so that nobody waits for it; then the page is closed. */
  leave(): Promise<void>;
};

export type AgentBotOptions = {
  /** Where the server answers, and the origin its pages have. */
  url: string;
  origin: string;
  /** The session that signing in by HTTP gave, as a Cookie header. */
  cookie: string;
  random: Random;
  speed: number;
  habits?: Partial<Habits>;
  watch?: Watch;
};

export type Habits = {
  /** How likely a note is written, and the chat passed on, after an answer. */
  notes: number;
  transfers: number;
  /** Where a chat is passed on to; null keeps it. */
  transfersTo(queues: readonly QueueInfo[], from: QueueId): QueueId | null;
  /** Chats that are over stay on screen until the page is left. */
  keepsThreads: boolean;
};

const usualHabits: Habits = {
  notes: 0.12,
  transfers: 0.03,
  transfersTo: (queues, from) => queues.find(({ id }) => id === from)?.escalatesTo ?? null,
  keepsThreads: false,
};

/** A server that is ending itself is not waited for longer. */
const goodbyeLimit = seconds(2);

export function agentBot(options: AgentBotOptions): AgentBot {
  const { url, origin, cookie, random, speed, watch = unwatched } = options;
  const habits = { ...usualHabits, ...options.habits };
  const pace = paceOf(random, speed);
  const world = surroundings(random, speed);
  const store = memoryStore();
  const tab = `agent ${world.id().slice(-8)}`;
  const going = new AbortController();
  const acting = new AbortController();
  let number = 0;
  let written = 0;
  let here: Sitting = sit();

  /** One page from opening to closing: everything begun on it ends with it. */
  type Sitting = {
    session: AgentSession;
    end: () => void;
  };

  function sit(): Sitting {
    number += 1;
    const page = { tab, side: "agent" as const, number };
    const closed = new AbortController();
    /** Whatever it does ends with the page; `goesOnline` goes on for as long as the page is there. */
    const over = AbortSignal.any([closed.signal, acting.signal]);
    const who = { headers: { cookie, origin } };
    const session = agentSession({
      wire: watch.wire(page, nodeWire(url, agentNamespace, who)),
      world,
      store: watch.store(page, store),
      locale: "en",
      zone: "UTC",
    });
    const attended = new Set<ConversationId>();
    const onScreen = new Set<() => void>();

    const unwatch = effect(() => {
      const rows = session.mine.value.rows;
      for (const { conversation } of rows) {
        if (attended.has(conversation.id)) continue;
        attended.add(conversation.id);
        queueMicrotask(() => void attends(conversation.id));
      }
    });
    void goesOnline();

    async function goesOnline(): Promise<void> {
      while (
        await becomes(() => session.connection.value === "online", minutes(60), closed.signal)
      ) {
        const answer = await session.setStatus("online");
        if (answer.ok || !answer.refusal.retry) return;
        await waited(seconds(1) / speed, closed.signal);
      }
    }

    async function attends(id: ConversationId): Promise<void> {
      if (over.aborted) return;
      const thread = session.thread(id);
      const unshow = watch.shown(page, thread);
      const leave = () => {
        if (!onScreen.delete(leave)) return;
        unshow();
        thread.leave();
      };
      onScreen.add(leave);
      // The list may know before the thread does.
      const isHere = () => thread.ready.value && mine(thread);
      await becomes(isHere, seconds(20) / speed, over);
      await talks(thread);
      // Passed on or closed: when it comes back it is attended to again.
      attended.delete(id);
      if (!habits.keepsThreads) leave();
    }

    const mine = ({ conversation }: Thread): boolean => {
      const state = conversation.value;
      return state !== null && ownerOf(state) === session.me.value?.id;
    };

    async function talks(thread: Thread): Promise<void> {
      let asked = false;
      while (!over.aborted) {
        const turn = () => !mine(thread) || unanswered(thread).length > 0;
        const came = await becomes(turn, pace.patience(), over);
        if (over.aborted || !mine(thread)) return;
        if (came) {
          asked = false;
          const line = await answers(thread);
          if (line && (await movesOn(thread, line))) return;
        } else if (asked) {
          await closes(thread);
          return;
        } else {
          asked = true;
          await says(thread, pick(random, phrasesFor(thread).stillThere));
        }
      }
    }

    const phrasesFor = ({ conversation }: Thread) =>
      languageOf(conversation.peek()?.locale ?? "en");

    /** Reads what was written and answers it as the scripts would have it. */
    async function answers(thread: Thread): Promise<Partial<HeardLine> | null> {
      const texts = unanswered(thread);
      await waited(pace.reading(texts.join(" ")) + pace.thinking(), over);
      thread.read();
      const line = unanswered(thread)
        .map(lineBehind)
        .findLast((known) => known !== null && known.answers.length > 0);
      const fitting = line?.answers ?? phrasesFor(thread).answers;
      return (await says(thread, pick(random, fitting))) ? (line ?? {}) : null;
    }

    /** Says something if the chat is still the agent's, and waits until it stands in the log. */
    async function says(thread: Thread, text: string): Promise<boolean> {
      thread.typing(true);
      if (!(await waited(pace.typing(text), over)) || !mine(thread)) return false;
      const before = last(thread)?.key;
      thread.say(watch.signed(page, text, { kind: "say" }));
      written += 1;
      const done = () => last(thread)?.key !== before && last(thread)?.seq !== null;
      await becomes(() => done() || !mine(thread), minutes(1), over);
      return true;
    }

    /** After an answer: a note, a colleague, or the end. True when the chat is somebody else's now. */
    async function movesOn(thread: Thread, line: Partial<HeardLine>): Promise<boolean> {
      const { notes, handover } = phrasesFor(thread);
      if (random() < habits.notes) {
        thread.note(watch.signed(page, pick(random, notes), { kind: "note" }));
      }
      const queue = thread.conversation.peek()?.queue;
      if (queue && (line.escalates || random() < habits.transfers)) {
        const to = habits.transfersTo(session.welcome.peek()?.queues ?? [], queue);
        const note = watch.signed(page, pick(random, handover), { kind: "note" });
        if (to && (await thread.transfer(to, note)).ok) return true;
      }
      if (!line.last) return false;
      const more = () => !mine(thread) || unanswered(thread).length > 0;
      if (await becomes(more, pace.between(seconds(4), seconds(15)), over)) return false;
      return closes(thread);
    }

    async function closes(thread: Thread): Promise<boolean> {
      if (over.aborted || !mine(thread)) return false;
      const goodbye = pick(random, phrasesFor(thread).goodbyes);
      if (!(await says(thread, goodbye))) return false;
      return (await thread.close()).ok;
    }

    return {
      session,
      end() {
        closed.abort();
        unwatch();
        for (const leave of onScreen) leave();
        session.dispose();
        watch.left(page);
      },
    };
  }

  return {
    name: () => here.session.me.peek()?.name ?? null,
    holding: () => here.session.mine.peek().total,
    written: () => written,
    reload() {
      if (going.signal.aborted) return;
      here.end();
      here = sit();
    },
    rest: () => acting.abort(),
    async leave() {
      if (going.signal.aborted) return;
      going.abort();
      const farewell = here.session.setStatus("away");
      await Promise.race([farewell, sleep(goodbyeLimit, null, { ref: false })]);
      here.end();
    },
  };
}

type MessageRow = Extract<TimelineRow, { kind: "message" }>;

const messages = ({ timeline }: Thread): MessageRow[] =>
  timeline.value.filter((row) => row.kind === "message");
const last = (thread: Thread): MessageRow | undefined => messages(thread).at(-1);

/** What the visitor has written since anybody answered. */
function unanswered(thread: Thread): string[] {
  const rows = messages(thread);
  const answered = rows.findLastIndex((row) => row.by.kind !== "visitor");
  return rows.slice(answered + 1).map(({ text }) => text);
}
