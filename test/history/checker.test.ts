import { v7 } from "uuid";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pick } from "#server/demo/random.ts";
import { memoryDesk } from "#server/memory/desk.ts";
import { memoryLedger } from "#server/memory/ledger.ts";
import type { ConversationEvent, EventOf } from "#shared/protocol/events.ts";
import { check, type Invariant } from "../support/history/check.ts";
import { eventsIn } from "../support/history/facts.ts";
import type { Entry, History } from "../support/history/history.ts";
import { recordedServer, seatsOf } from "../support/history/storm.ts";
import type { Truth } from "../support/history/truth.ts";
import { withHistory } from "../support/history/withHistory.ts";
import { startServer, type TestServer } from "../support/server.ts";

const options = { slackMs: 200, complete: true, finished: true };

/** What a tampering may change: a copy of everything, with the log of one good conversation at hand. */
type Copy = {
  history: History;
  truth: Truth;
  log: ConversationEvent[];
  id: string;
  records<I extends Entry["is"]>(is: I): Extract<Entry, { is: I }>[];
  event<K extends ConversationEvent["kind"]>(kind: K): EventOf<K>;
};

const tamperings: readonly [string, Invariant, (copy: Copy) => void][] = [
  [
    "an acknowledged message that is gone from the end of the log",
    "I1",
    ({ log, truth, id }) => {
      log.splice(log.findLastIndex(({ kind }) => kind === "message"));
      Object.assign(truth.rows.get(id) ?? {}, { seq: log.length });
    },
  ],
  [
    "a message that nobody answers",
    "I1",
    ({ history, records }) => {
      const [invoked] = records("invoked");
      if (invoked) history.records.push({ ...invoked, command: v7() });
    },
  ],
  ["a hole in the log", "I2", ({ log }) => void log.splice(2, 1)],
  ["a wrong prev", "I2", ({ log }) => Object.assign(log[3] ?? {}, { prev: 1 })],
  ["a time that runs back", "I2", ({ log }) => Object.assign(log.at(-1) ?? {}, { at: 1 })],
  [
    "a screen that misses the end",
    "I3",
    ({ history, records, log, id }) => {
      const whole = records("drawn").filter(
        ({ conversation, picture }) => conversation === id && picture.applied === log.length,
      );
      const { view } = whole[0] ?? {};
      const missed = new Set<Entry>(whole.filter((one) => one.view === view));
      history.records = history.records.filter((one) => !missed.has(one));
    },
  ],
  [
    "a screen with other words than the log's",
    "I3",
    ({ records, id }) => {
      for (const { conversation, picture } of records("drawn")) {
        for (const [, line] of conversation === id ? picture.lines : []) {
          if (line.kind === "message") line.text += "!";
        }
      }
    },
  ],
  [
    "a received event that isn't the log's",
    "I3",
    ({ records }) => {
      const frames = records("frame").flatMap(({ payload }) => eventsIn(payload));
      Object.assign(frames[0] ?? {}, { cause: v7() });
    },
  ],
  [
    "a command committed twice",
    "I4",
    ({ log, event }) => void log.push({ ...event("message"), seq: log.length + 1 }),
  ],
  [
    "two messages of one sender the wrong way round",
    "I5",
    ({ log }) => {
      const own = log.filter(({ kind, by }) => kind === "message" && by.kind === "visitor");
      const [first, second] = own;
      if (!first || !second) throw new Error("the conversation is too short");
      [first.cause, second.cause] = [second.cause, first.cause];
      Object.assign(first.body, { ...second.body, ...Object.assign(second.body, first.body) });
    },
  ],
  [
    "an event nobody asked for",
    "I6",
    ({ event }) => void Object.assign(event("message"), { cause: v7() }),
  ],
  [
    "other words than were written",
    "I6",
    ({ event }) => void Object.assign(event("message").body, { text: "something else" }),
  ],
  [
    "a fence that moves with a message",
    "I7",
    ({ event }) => void Object.assign(event("message"), { fence: 9 }),
  ],
  [
    "a new owner at the old fence",
    "I7",
    ({ event }) => void Object.assign(event("assigned"), { fence: event("queued").fence }),
  ],
  [
    "an agent with more than its capacity",
    "I8",
    ({ truth, event }) => {
      const { agent } = event("assigned").body;
      for (const one of truth.agents) if (one.id === agent) Object.assign(one, { capacity: 50 });
    },
  ],
  [
    "a row that says something else than the log",
    "I9",
    ({ truth, id }) => void Object.assign(truth.rows.get(id) ?? {}, { status: "parked" }),
  ],
  [
    "a slot nobody gave back",
    "I9",
    ({ truth }) => void Object.assign(truth.agents[0] ?? {}, { used: 100 }),
  ],
  [
    "a message of somebody who doesn't hold the chat",
    "I11",
    ({ log }) => {
      const said = log.find(({ kind, by }) => kind === "message" && by.kind === "agent");
      if (said) said.by = { kind: "agent", id: v7() as never };
    },
  ],
  [
    "a transfer that makes the chat younger",
    "I13",
    ({ truth }) => {
      const all = [...truth.logs.values()].flat();
      const passed = all.find((one) => one.kind === "queued" && one.body.why === "transfer");
      if (passed?.kind === "queued") passed.body.queuedAt += 1_000;
    },
  ],
  [
    "another visitor's words",
    "I14",
    ({ history, records, event }) => {
      const mine = history.pages.findIndex(
        ({ side }, page) =>
          side === "visitor" &&
          !records("invoked").some(
            (one) => one.page === page && one.command === event("message").cause,
          ),
      );
      const payload = { preview: event("message").body.text };
      history.records.push({ at: 0, page: mine, is: "frame", event: "staffed", payload });
    },
  ],
  [
    "the reasons of routing",
    "I14",
    ({ history, event }) => {
      const page = history.pages.findIndex(({ side }) => side === "visitor");
      const payload = { events: [event("assigned")] };
      history.records.push({ at: 0, page, is: "frame", event: "events", payload });
    },
  ],
  [
    "a receipt for what isn't there",
    "I16",
    ({ truth, id }) => {
      const cursors = truth.cursors.get(id);
      if (cursors) cursors.visitor.delivered = 999;
    },
  ],
  [
    "a mark that goes back",
    "I16",
    ({ history, records, id }) => {
      const read = records("drawn").findLast(
        ({ conversation, picture }) =>
          conversation === id && picture.lines.some(([, { mark }]) => mark === "read"),
      );
      if (!read) throw new Error("nothing was read");
      const lines = read.picture.lines.map(([n, line]) => [n, { ...line, mark: "sent" }] as const);
      history.records.push({ ...read, picture: { ...read.picture, lines } });
    },
  ],
];

describe("The checker", () => {
  let server: TestServer;
  let honest: { history: History; truth: Truth };

  beforeAll(async () => {
    const clock = { now: () => Date.now() };
    server = await startServer({ ledger: memoryLedger(clock, v7()), desk: memoryDesk(clock) });
    const queues = await server.ledger.queues(server.workspace);
    const staffed = queues.filter(({ name }) => name !== "Supervisors").map(({ id }) => id);
    honest = await withHistory(
      recordedServer(server),
      async (floor) => {
        const [cookie = ""] = await seatsOf(server, ["Ben Carter"]);
        const transfersTo = () => pick(floor.random, staffed);
        floor.agent(cookie, { notes: 0.5, transfers: 0.3, transfersTo });
        for (let i = 0; i < 6; i++) floor.visitor();
        await floor.played(4_000);
      },
      { speed: 80 },
    );
  }, 30_000);
  afterAll(() => server.close());

  it("[H1] accepts what is honest", () => {
    expect(check(honest.history, honest.truth, options)).toEqual([]);
  });

  it.each(tamperings)("[H4] finds %s (%s)", (_what, invariant, tamper) => {
    const copy = structuredClone(honest);
    const [id, log] =
      [...copy.truth.logs].find(
        ([, events]) =>
          events.filter(({ by, kind }) => kind === "message" && by.kind === "visitor").length > 1 &&
          events.some(({ by, kind }) => kind === "message" && by.kind === "agent"),
      ) ?? [];
    if (!id || !log) throw new Error("no conversation was long enough");
    tamper({
      history: copy.history,
      truth: copy.truth,
      id,
      log: log as ConversationEvent[],
      records: (is) => copy.history.records.filter((one) => one.is === is) as never,
      event: (kind) => log.find((one) => one.kind === kind) as never,
    });
    const found = check(copy.history, copy.truth, options);
    expect(found.map((violation) => violation.invariant)).toContain(invariant);
  });
});
