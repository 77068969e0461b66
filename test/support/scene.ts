import { expect } from "vitest";
import type { WidgetLanguage } from "#shared/text/widget/languages.ts";
import { type Agent, agentOn } from "./agent.ts";
import {
  type Chromium,
  type ChromiumOptions,
  launchChromium,
  type Person,
  type PersonOptions,
} from "./chromium.ts";
import type { ParleyOptions } from "./process.ts";
import { keepArtefact, type Stack, type Stores } from "./stack.ts";
import { type Visitor, visitorOn } from "./visitor.ts";

/** Everything one journey needs: a fresh server and people at browsers. */
export type Scene = {
  readonly stack: Stack;
  readonly shopUrl: string;
  readonly consoleUrl: string;
  /** Somebody who opens a tab; nothing is visited yet. */
  visitor(name: string, options?: PersonOptions & { language?: WidgetLanguage }): Promise<Visitor>;
  /** Another tab of the same browser. */
  anotherTab(visitor: Visitor): Promise<Visitor>;
  /** Signs in one of the accounts the server printed. */
  agent(name: string, options?: PersonOptions): Promise<Agent>;
};

export type SceneOptions = {
  stores: Stores;
  parley?: ParleyOptions;
  chromium?: ChromiumOptions;
  /** Where the console is when not at the printed address. */
  consoleUrl?: string;
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
  const browser = await launchChromium(options.chromium);
  const people: Person[] = [];
  try {
    await play(sceneOf(options, stack, browser, people));
    expect([...complaintsOf(people), ...warningsOf(stack)]).toEqual([]);
  } catch (error) {
    await keepEvidence(stack, people);
    throw error;
  } finally {
    await browser.close();
    await stack.close();
  }
}

function sceneOf(
  { consoleUrl }: SceneOptions,
  stack: Stack,
  browser: Chromium,
  people: Person[],
): Scene {
  const { port } = stack.parley;
  const person = async (name: string, wanted: PersonOptions) => {
    const made = await browser.person(name, wanted);
    people.push(made);
    return made;
  };
  const scene: Scene = {
    stack,
    shopUrl: `http://127.0.0.1:${port}/shop/`,
    consoleUrl: consoleUrl ?? `http://localhost:${port}/console`,
    async visitor(name, { language = "en", ...wanted } = {}) {
      const made = await person(name, wanted);
      return await visitorOn(made, await made.tab(), language);
    },
    anotherTab: async (visitor) => await visitorOn(visitor.person, await visitor.person.tab()),
    async agent(name, wanted = {}) {
      const account = stack.signIns.find((one) => one.name === name);
      if (!account) throw new Error(`the server printed no sign-in for ${name}`);
      const made = await person(name, wanted);
      // Before signing in the console asks whether somebody is, and hears no.
      made.expects(/status of 401 .*\/api\/session/);
      const agent = agentOn(made, await made.tab(), account, scene.consoleUrl);
      await agent.signsIn();
      return agent;
    },
  };
  return scene;
}

const complaintsOf = (people: readonly Person[]): string[] =>
  people.flatMap(({ name, complaints }) => complaints.map((line) => `${name}: ${line}`));

/** The server logs warnings and worse by default; a journey has no business causing any. */
const warningsOf = ({ parley }: Stack): string[] =>
  parley
    .output()
    .split("\n")
    .filter((line) => line.startsWith('{"level":'));

async function keepEvidence(stack: Stack, people: readonly Person[]): Promise<void> {
  const test = (expect.getState().currentTestName ?? "journey")
    .replace(/[^\w]+/g, "-")
    .slice(0, 80);
  const told = [stack.parley.output(), ...complaintsOf(people)].join("\n");
  await keepArtefact(`${test}.log`, told);
  for (const { name, context } of people) {
    for (const [index, page] of context.pages().entries()) {
      const picture = await page.screenshot({ timeout: 5_000 }).catch(() => null);
      if (picture) await keepArtefact(`${test}-${name}-${index + 1}.png`, picture);
    }
  }
}
