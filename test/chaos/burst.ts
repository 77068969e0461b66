import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { frameTicket } from "#server/demo/frameTicket.ts";
import { memoryStore } from "#server/demo/memoryStore.ts";
import { nodeWire } from "#server/demo/nodeWire.ts";
import type { Random } from "#server/demo/random.ts";
import { surroundings } from "#server/demo/surroundings.ts";
import { type VisitorSession, visitorSession } from "#shared/client/visitorSession.ts";
import type { Wire } from "#shared/client/wire.ts";
import { visitorNamespace } from "#shared/protocol/sockets.ts";
import type { History } from "../support/history/history.ts";
import { type Recorder, recorder } from "../support/history/record.ts";
import type { SqlTruth } from "../support/sqlTruth.ts";

/** Visitors who write as fast as their outboxes send, and a journal of what was acknowledged to them. */
export type Burst = {
  /** How many messages were acknowledged so far. */
  acked(): number;
  /** Commands that were asked, and got no answer or were told to try again. */
  repeated(): number;
  /** What the bots did and saw, and those who were given `watch`. */
  history: History;
  watch: Recorder["watch"];
  /** Resolves when everything written is acknowledged. */
  drained(withinMs: number): Promise<void>;
  /** Resolves when nobody has seen anything new for a while. */
  quiet(): Promise<void>;
  /** Every difference between what was written and what SQL holds: lost, doubled, out of order. */
  differences(truth: SqlTruth): Promise<string[]>;
  /** Acknowledged, and not in SQL. */
  falseAcks(truth: SqlTruth): Promise<string[]>;
  close(): void;
};

export type BurstOptions = {
  url: string;
  bots: number;
  messages: number;
  /** Between two messages of one bot. */
  everyMs: number;
  random: Random;
  site?: string;
  /** Where others are recorded already. */
  recorded?: Recorder;
};

/** Waits of a client that retries run this much faster than in a browser. */
const speed = 5;
/** Nothing is under way any more when nothing came for so long. */
const quietMs = 1_500;

export async function startBurst(options: BurstOptions): Promise<Burst> {
  const { url, bots, messages, everyMs, random, site = "demo-shop" } = options;
  const acks = new Map<string, Set<string>>();
  const sessions: VisitorSession[] = [];
  const ending = new AbortController();
  const { history, watch } = options.recorded ?? recorder();
  let repeated = 0;
  let acked = 0;

  /** Sees each command and its answer as they pass. */
  function journal(name: string, wire: Wire): Wire {
    const mine = new Set<string>();
    acks.set(name, mine);
    return {
      ...wire,
      async emitWithAck(event, payload, patience) {
        const text = (payload as { content?: { text?: string } }).content?.text;
        try {
          const answer = await wire.emitWithAck(event, payload, patience);
          const { ok } = answer as { ok: boolean };
          if (event === "command" && !ok) repeated += 1;
          if (event === "command" && ok && text !== undefined && !mine.has(text)) {
            mine.add(text);
            acked += 1;
          }
          return answer;
        } catch (error) {
          if (event === "command") repeated += 1;
          throw error;
        }
      },
    };
  }

  async function writes(index: number): Promise<void> {
    const name = nameOf(index);
    const token = randomBytes(32).toString("base64url");
    const ticket = await frameTicket(url, site, ending.signal);
    if (ticket === null) return;
    const auth = () => ({ site, token, ticket });
    const page = { tab: name, side: "visitor" as const, number: 1 };
    const session = visitorSession({
      wire: journal(name, watch.wire(page, nodeWire(url, visitorNamespace, { auth }))),
      world: surroundings(random, speed),
      store: watch.store(page, memoryStore()),
      sender: name,
      tabs: () => ({ tell() {}, close() {} }),
      locale: "en",
      zone: "UTC",
      page: () => "http://127.0.0.1/",
    });
    watch.shown(page, session);
    sessions.push(session);
    session.start(name, textOf(index, 0));
    for (let message = 1; message < messages && !ending.signal.aborted; message += 1) {
      await sleep(everyMs * (0.5 + random()), undefined, { signal: ending.signal }).catch(() => {});
      session.say(textOf(index, message));
    }
  }

  const wanted = (index: number) => Array.from({ length: messages }, (_, i) => textOf(index, i));
  const written = Promise.all(Array.from({ length: bots }, (_, index) => writes(index)));
  const everybody = Array.from({ length: bots }, (_, index) => index);

  return {
    history,
    watch,
    acked: () => acked,
    repeated: () => repeated,
    async drained(withinMs) {
      await written;
      const until = Date.now() + withinMs;
      while (acked < bots * messages) {
        if (Date.now() > until) {
          throw new Error(`${acked} of ${bots * messages} acknowledged after ${withinMs} ms`);
        }
        await sleep(50);
      }
    },
    async quiet() {
      for (let before = -1; before !== history.records.length; await sleep(quietMs)) {
        before = history.records.length;
      }
    },
    async differences(truth) {
      const found = await truth.faults();
      for (const index of everybody) {
        const said = await saidBy(truth, nameOf(index));
        const due = wanted(index);
        if (said.join() !== due.join()) {
          const lost = due.filter((text) => !said.includes(text));
          const doubled = said.filter((text, i) => said.indexOf(text) !== i);
          found.push(`${nameOf(index)}: lost [${lost}] doubled [${doubled}] of ${said.length}`);
        }
      }
      return found;
    },
    async falseAcks(truth) {
      const found: string[] = [];
      for (const [name, mine] of acks) {
        const said = new Set(await saidBy(truth, name));
        found.push(...[...mine].filter((text) => !said.has(text)));
      }
      return found;
    },
    close() {
      ending.abort();
      for (const session of sessions) session.dispose();
    },
  };
}

/** What the bot wrote itself, whoever answered it. */
const saidBy = async (truth: SqlTruth, name: string): Promise<string[]> =>
  (await truth.messages(name)).flatMap(({ by, text }) => (by === "visitor" ? [text] : []));

const nameOf = (index: number) => `Bot ${index}`;
const textOf = (index: number, message: number) => `bot ${index} message ${message}`;
