import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type AgentBot, type AgentBotOptions, agentBot } from "#server/demo/agentBot.ts";
import { type Random, seeded, split } from "#server/demo/random.ts";
import { castName, castScript, type Mix, type Script } from "#server/demo/scripts.ts";
import { type VisitorBot, visitorBot } from "#server/demo/visitorBot.ts";
import type { Watch } from "#server/demo/watch.ts";
import { type CheckOptions, check, described, type Violation } from "./check.ts";
import { type Faults, faulty, noFaults } from "./faults.ts";
import type { History } from "./history.ts";
import { recorder } from "./record.ts";
import { type StaleTab, staleTab } from "./staleTab.ts";
import type { ReadTruth, Truth } from "./truth.ts";

/** A server whose clients are recorded: where it is, and what it holds in the end. */
export type Recorded = {
  /** Where its nodes answer; clients are spread over them. */
  urls: readonly string[];
  /** The origin of its pages. */
  origin: string;
  site: string;
  truth: ReadTruth;
};

export type HistoryOptions = {
  seed?: number;
  /** How much faster than people the bots are. */
  speed?: number;
  faults?: Faults;
  check?: Partial<CheckOptions>;
  /** How long everything may take to arrive once nobody writes any more. */
  settlingMs?: number;
  /** Stands between the sessions and what is recorded: a client with a bug in it. */
  client?: Partial<Watch>;
};

/** What a test plays with. */
export type Floor = {
  random: Random;
  visitor(options?: VisitorWish): VisitorBot;
  /** Sits down with a session that signing in gave. */
  agent(cookie: string, habits?: AgentBotOptions["habits"]): AgentBot;
  /** Opens a tab of an agent and forgets it. */
  staleTab(cookie: string, pauseMs: number): StaleTab;
  /** Breaks every connection of one side now. */
  cut(side: "visitor" | "agent"): void;
  /** Resolves when every visitor's part is over, or when the time is. */
  played(withinMs: number): Promise<void>;
};

export type VisitorWish = { script?: Script; mix?: Mix; reloads?: number };

export type Report = {
  history: History;
  truth: Truth;
  violations: readonly Violation[];
  figures: Figures;
};

export type Figures = {
  pages: number;
  conversations: number;
  /** Messages in the log. */
  messages: number;
  frames: number;
  /** Commands answered, sent again after no answer came, and refused for good. */
  acked: number;
  lost: number;
  refused: number;
  transfers: number;
  closed: number;
};

const everyday: Mix = {
  calm: 1,
  ordering: 1,
  angry: 1,
  comingBack: 1,
  manager: 1,
  abusive: 1,
  silent: 0,
};

/** Plays, records and checks; fails the test when anything is wrong. Answers what was counted. */
export async function withHistory(
  server: Recorded,
  play: (floor: Floor) => Promise<void>,
  options: HistoryOptions = {},
): Promise<Report> {
  const report = await recorded(server, play, options);
  expect(report.violations.slice(0, 10).map(described)).toEqual([]);
  return report;
}

/** The same, for those who expect violations. */
export async function recorded(
  server: Recorded,
  play: (floor: Floor) => Promise<void>,
  options: HistoryOptions = {},
): Promise<Report> {
  const { urls, origin, site } = server;
  const { seed = 1, speed = 60, faults = noFaults, client = {} } = options;
  const random = seeded(seed);
  const { history, watch } = recorder();
  const network = faulty(split(random), faults);
  const watched: Watch = {
    ...watch,
    wire(page, wire) {
      const heard = watch.wire(page, network.wire(page, wire));
      return client.wire ? client.wire(page, heard) : heard;
    },
  };
  const visitors: VisitorBot[] = [];
  let clients = 0;
  const nextUrl = () => urls[clients++ % urls.length] ?? "";
  const agents: AgentBot[] = [];

  const floor: Floor = {
    random,
    visitor({ script, mix = everyday, reloads = 0 } = {}) {
      const own = split(random);
      const part = script ?? castScript(own, mix);
      const name = castName(own, part);
      const bot = visitorBot({
        ...{ url: nextUrl(), site, script: part, name, random: own, speed, reloads },
        keepsPage: true,
        watch: watched,
      });
      visitors.push(bot);
      return bot;
    },
    agent(cookie, habits = {}) {
      const bot = agentBot({
        ...{ url: nextUrl(), origin, cookie, random: split(random), speed },
        habits: { keepsThreads: true, ...habits },
        watch: watched,
      });
      agents.push(bot);
      return bot;
    },
    staleTab: (cookie, pauseMs) =>
      staleTab({
        ...{ url: nextUrl(), origin, cookie, random: split(random) },
        watch: watched,
        pauseMs,
      }),
    cut: network.cut,
    async played(withinMs) {
      const all = Promise.all(visitors.map((bot) => bot.over));
      await Promise.race([all, sleep(withinMs)]);
    },
  };

  try {
    await play(floor);
    network.calm();
    for (const bot of [...visitors, ...agents]) bot.rest();
    return await settled(server, history, options);
  } finally {
    for (const bot of visitors) bot.leave();
    await Promise.all([...visitors.map((bot) => bot.left), ...agents.map((bot) => bot.leave())]);
  }
}

/** Between two looks whether everything has arrived. */
const pause = 100;

/** Checks until nothing is amiss: what is only late may still come, what is wrong stays wrong. */
async function settled(
  { truth: read }: Recorded,
  history: History,
  { check: wanted, settlingMs = 8_000 }: HistoryOptions,
): Promise<Report> {
  const options = { slackMs: 1_000, complete: true, finished: true, ...wanted };
  const until = Date.now() + settlingMs;
  for (;;) {
    await sleep(pause);
    const length = history.records.length;
    const truth = await read(history);
    const violations = check(history, truth, options);
    const quiet = violations.length === 0 && history.records.length === length;
    if (quiet || Date.now() >= until) {
      // As it is now: going home is written down too.
      const whole = { pages: [...history.pages], records: [...history.records] };
      return { history: whole, truth, violations, figures: counted(whole, truth) };
    }
  }
}

function counted({ pages, records }: History, truth: Truth): Figures {
  const count = (is: string) => records.filter((record) => record.is === is).length;
  const events = [...truth.logs.values()].flat();
  const kinds = (wanted: string) => events.filter(({ kind }) => kind === wanted).length;
  return {
    pages: pages.length,
    conversations: truth.logs.size,
    messages: kinds("message"),
    frames: count("frame"),
    acked: count("acked"),
    lost: count("lost"),
    refused: records.filter((record) => record.is === "refused" && !record.retry).length,
    transfers: events.filter((event) => event.kind === "queued" && event.body.why === "transfer")
      .length,
    closed: kinds("closed"),
  };
}
