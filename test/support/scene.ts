import { expect } from "vitest";
import { type Agent, agentOn } from "./agent.ts";
import {
  type Chromium,
  type ChromiumOptions,
  launchChromium,
  type Person,
  type PersonOptions,
} from "./chromium.ts";
import type { ParleyOptions, PrintedSignIn } from "./process.ts";
import type { SqlTruth } from "./sqlTruth.ts";
import { keepArtefact, type Stack, type Stores } from "./stack.ts";
import { type Visitor, visitorOn } from "./visitor.ts";
import type { Language } from "./words.ts";

/** Everything one journey needs: a fresh server and people at browsers. */
export type Scene = {
  readonly stack: Stack;
  /** The demo shop as the server printed it. */
  readonly shopUrl: string;
  /** Somebody who opens a tab; nothing is visited yet. */
  visitor(name: string, options?: PersonOptions & { language?: Language }): Promise<Visitor>;
  /** Another tab of the same browser. */
  anotherTab(visitor: Visitor): Promise<Visitor>;
  /** Signs in one of the accounts the server printed, or one that is known otherwise. */
  agent(who: string | PrintedSignIn, options?: PersonOptions): Promise<Agent>;
  /** Everybody closes the browser, having nothing to complain of; then SQL can be read. */
  truth(): Promise<SqlTruth>;
};

/** What a journey is played on, so that it can be played again where things break. */
export type Stage = {
  stores: Stores;
  /** What evidence of a failure is called; without it, as the test is. */
  name?: string;
  /** A browser that is open already; a journey that needs one of its own opens that. */
  browser?: Chromium;
  /** What pages may complain of because of what is done to them. */
  expected?: readonly RegExp[];
  /** Looks at what everybody sees in the end, just before they close their browsers. */
  atEnd?(people: readonly Person[], stack: Stack): Promise<void>;
};

export type Journey = (stage: Stage) => Promise<void>;

export type SceneOptions = Stage & {
  parley?: ParleyOptions;
  chromium?: ChromiumOptions;
};

/**
 * Plays a journey, then holds every page against its promise to complain of nothing. A journey that
 * fails leaves pictures of all pages and the server's output in test-artefacts/.
 */
export async function playScene(
  options: SceneOptions,
  play: (scene: Scene) => Promise<void>,
): Promise<void> {
  const stack = await options.stores.start(options.parley);
  const shared = options.chromium ? undefined : options.browser;
  const browser = shared ?? (await launchChromium(options.chromium));
  const people: Person[] = [];
  try {
    await play(sceneOf(options, stack, browser, people));
    expectQuiet(stack, people);
  } catch (error) {
    await keepEvidence(options.name ?? currentTest(), stack, people);
    throw error;
  } finally {
    for (const { context } of people) await context.close();
    if (!shared) await browser.close();
    await stack.close();
  }
}

function sceneOf(
  { expected = [], atEnd }: Stage,
  stack: Stack,
  browser: Chromium,
  people: Person[],
): Scene {
  const { shopUrl, consoleUrl, signIns } = stack.printed;
  const person = async (name: string, wanted: PersonOptions) => {
    const made = await browser.person(name, wanted);
    made.expects(...expected);
    people.push(made);
    return made;
  };
  return {
    stack,
    get shopUrl() {
      if (!shopUrl) throw new Error("this server has no demo shop");
      return shopUrl;
    },
    async visitor(name, { language = "en", ...wanted } = {}) {
      const made = await person(name, wanted);
      return visitorOn(made, await made.tab(), language);
    },
    anotherTab: async (visitor) => visitorOn(visitor.person, await visitor.person.tab()),
    async agent(who, wanted = {}) {
      const account = typeof who === "string" ? signIns.find(({ name }) => name === who) : who;
      if (!account) throw new Error(`the server printed no sign-in for ${who}`);
      const made = await person(account.name, wanted);
      const agent = agentOn(made, await made.tab(), account, consoleUrl);
      await agent.signsIn();
      return agent;
    },
    async truth() {
      await atEnd?.(people, stack);
      expectQuiet(stack, people);
      await Promise.all(people.map(({ context }) => context.close()));
      return await stack.truth();
    },
  };
}

function expectQuiet(stack: Stack, people: readonly Person[]): void {
  expect([...complaintsOf(people), ...warningsOf(stack)]).toEqual([]);
}

const complaintsOf = (people: readonly Person[]): string[] =>
  people.flatMap(({ name, complaints }) => complaints.map((line) => `${name}: ${line}`));

/** The server logs warnings and worse by default; a journey has no business causing any. */
const warningsOf = ({ parley }: Stack): string[] =>
  parley
    .output()
    .split("\n")
    .filter((line) => line.startsWith('{"level":'));

/** The runner's word for it, where there is one. */
const currentTest = (): string =>
  (process.env.VITEST && expect.getState().currentTestName) || "journey";

async function keepEvidence(name: string, stack: Stack, people: readonly Person[]): Promise<void> {
  const test = name.replace(/[^\w]+/g, "-").slice(0, 80);
  const told = [stack.parley.output(), ...complaintsOf(people)].join("\n");
  await keepArtefact(`${test}.log`, told);
  for (const { name, context } of people) {
    for (const [index, page] of context.pages().entries()) {
      const picture = await page.screenshot({ timeout: 5_000 }).catch(() => null);
      if (picture) await keepArtefact(`${test}-${name}-${index + 1}.png`, picture);
    }
  }
}
