import { stripVTControlCharacters } from "node:util";
import { seeded, split } from "#server/demo/random.ts";
import { type JourneyName, journeys, storesOf } from "../../e2e/journeys/all.ts";
import { behindCutter } from "../../support/behindCutter.ts";
import { type Chromium, launchChromium, type Person } from "../../support/chromium.ts";
import type { Cut } from "../../support/frameCutter.ts";
import { retried } from "../../support/retried.ts";
import { screenText } from "../../support/screenText.ts";
import { nativeStores, type Stores } from "../../support/stack.ts";
import type { Told } from "../../support/told.ts";
import { type Outcome, secondsSince, withCleanup } from "./campaign.ts";

export type CutsOptions = {
  journeys: readonly JourneyName[];
  /** Every frame in turn, or one of each kind that a person sends, chosen by the seed. */
  frames: "each" | "kinds";
  /** How many journeys are played at once. */
  atOnce: number;
  seed: number;
  /** Told after each run. */
  progress?(line: string): void;
};

/**
 * Every journey is played again and again, each time with somebody's connection cut right after
 * another of their frames: the server has it, and its answer is lost. What everybody sees in the end,
 * and what SQL holds, has to be what it was without a cut. Only where an assignment stands among the
 * visitor's words is left open (see `Told`): a chat is opened and its first words are said by two
 * commands, and which of them the router comes after differs without any cut.
 */
export function cuts(options: CutsOptions): Promise<Outcome> {
  const { frames, atOnce, seed, progress = () => undefined } = options;
  return withCleanup(async (later) => {
    const native = await nativeStores();
    later(() => native.close());
    const browser = await launchChromium();
    later(() => browser.close());
    const random = seeded(seed);
    const began = performance.now();
    const violations: string[] = [];
    const wanted: (() => Promise<void>)[] = [];
    const found = { frames: 0, cuts: 0, beyond: 0, different: 0 };

    for (const name of options.journeys) {
      const stores = storesOf(name, native);
      const uncut = await played(name, stores, browser, null);
      const again = await played(name, stores, browser, null, uncut);
      const unsteady = difference(uncut, again);
      if (unsteady) violations.push(`${name} differs from itself without any cut: ${unsteady}`);
      progress(`${name}: ${told(uncut)}`);
      for (const [person, sent] of uncut.sent) {
        found.frames += sent.length;
        const chosen = frames === "each" ? everyFrame(sent) : oneOfEach(sent, split(random));
        for (const after of chosen) {
          wanted.push(async () => {
            const what = `${name}, ${person}, frame ${after} of ${sent.length} (${sent[after - 1]})`;
            const since = performance.now();
            const wrong = await played(name, stores, browser, { person, after }, uncut).then(
              (cut) => {
                if (cut.hasCut) found.cuts += 1;
                else found.beyond += 1;
                return difference(uncut, cut);
              },
              (error: unknown) => `the journey broke off: ${firstLines(error)}`,
            );
            progress(`${what}: ${wrong ?? "same"}, ${secondsSince(since)} s`);
            if (!wrong) return;
            found.different += 1;
            violations.push(`${what}: ${wrong}`);
          });
        }
      }
    }
    const worker = async () => {
      for (let next = wanted.shift(); next; next = wanted.shift()) await next();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    const figures = {
      journeys: options.journeys.length,
      framesOfUncutRuns: found.frames,
      cuts: found.cuts,
      endedBeforeTheCut: found.beyond,
      differentEndings: found.different,
      seconds: secondsSince(began),
    };
    return { figures, violations };
  });
}

/** How a journey ended. */
type Ending = {
  screens: readonly Told[];
  story: Told;
  sent: ReadonlyMap<string, readonly string[]>;
  hasCut: boolean;
};

/** Plays it once; with something to be like, waits until the screens are. */
async function played(
  name: JourneyName,
  stores: Stores,
  browser: Chromium,
  cut: Cut | null,
  like?: Ending,
): Promise<Ending> {
  let screens: readonly Told[] | null = null;
  let story: Told | null = null;
  const relayed = behindCutter(stores, cut);
  await journeys[name]({
    name: `cut ${name} ${cut ? `${cut.person} ${cut.after}` : "nowhere"}`,
    browser,
    // Browsers tell of connections that break while they are made.
    expected: [/WebSocket connection to/, /ERR_CONNECTION_RESET/],
    stores: {
      ...relayed,
      async start(given) {
        const stack = await relayed.start(given);
        return {
          ...stack,
          async truth() {
            const truth = await stack.truth();
            story ??= await truth.story();
            return truth;
          },
        };
      },
    },
    async atEnd(people) {
      screens = like ? await becoming(people, like.screens) : await atRest(people);
    },
  });
  const cutter = relayed.cutter();
  if (!screens || !story || !cutter) throw new Error(`${name} ended without a look at the end`);
  return { screens, story, sent: cutter.sent(), hasCut: cutter.hasCut() };
}

async function screensOf(people: readonly Person[]): Promise<Told[]> {
  const pages = people.flatMap(({ name, context }) =>
    context.pages().map(async (page): Promise<Told> => {
      const { lines, assignments } = await screenText(page);
      return { lines: [name, ...lines], assignments };
    }),
  );
  return await Promise.all(pages);
}

const alike = (a: readonly Told[], b: readonly Told[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Marks may still be on their way: what stays the same for a while is the end. */
const restMs = 1_500;

async function atRest(people: readonly Person[]): Promise<Told[]> {
  let last = await screensOf(people);
  let since = Date.now();
  await retried(async () => {
    const now = await screensOf(people);
    if (!alike(now, last)) since = Date.now();
    last = now;
    if (Date.now() - since < restMs) throw new Error("the screens don't come to rest");
  });
  return last;
}

/** What they show once they show this, or in the end. */
async function becoming(people: readonly Person[], wanted: readonly Told[]): Promise<Told[]> {
  let last: Told[] = [];
  await retried(async () => {
    last = await screensOf(people);
    if (!alike(last, wanted)) throw new Error("the screens differ");
  }).catch(() => undefined);
  return last;
}

function difference(a: Ending, b: Ending): string | null {
  const lines = (ending: Ending) => ending.screens.flatMap((screen) => screen.lines);
  const assigned = (ending: Ending) => ending.screens.flatMap((screen) => screen.assignments);
  return (
    lineApart("on a screen", lines(a), lines(b)) ??
    lineApart("in a screen's assignments", assigned(a), assigned(b)) ??
    lineApart("in SQL", a.story.lines, b.story.lines) ??
    lineApart("in SQL's assignments", a.story.assignments, b.story.assignments)
  );
}

function lineApart(where: string, due: readonly string[], is: readonly string[]): string | null {
  const index = due.findIndex((line, at) => line !== is[at]);
  if (index < 0 && due.length === is.length) return null;
  const at = index < 0 ? due.length : index;
  const around = (lines: readonly string[]) => lines.slice(Math.max(0, at - 1), at + 2).join(" | ");
  return `${where}, line ${at + 1}: ${around(is)} — instead of: ${around(due)}`;
}

const told = ({ sent }: Ending): string =>
  [...sent].map(([person, frames]) => `${person} sends ${frames.length}`).join(", ");

const everyFrame = (sent: readonly string[]): number[] => sent.map((_, index) => index + 1);

function oneOfEach(sent: readonly string[], random: () => number): number[] {
  const places = Map.groupBy(everyFrame(sent), (after) => sent[after - 1] ?? "");
  return [...places.values()].map((all) => all[Math.floor(random() * all.length)] ?? 1);
}

const firstLines = (error: unknown): string =>
  stripVTControlCharacters(String(error)).split("\n").slice(0, 4).join(" ");
