import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { castUnlike } from "#server/demo/crowd.ts";
import { paceOf } from "#server/demo/pace.ts";
import { exponential, pickWeighted, seeded } from "#server/demo/random.ts";
import {
  castName,
  castScript,
  languageOf,
  languages,
  lineBehind,
  type Mood,
  scripts,
  usualMix,
} from "#server/demo/scripts.ts";
import { told } from "#server/demo/told.ts";

/** What a coffee shop is asked about, in its three languages. */
const coffee =
  /coffee|caffeine|beans|delivery|subscription|grind|parcel|Ember|Quarry|kaw|kofein|ziarn|paczk|subskrypc|кав|кофеїн|зерн|посилк|підписк/i;

const moods = Object.keys(usualMix) as Mood[];

describe("The demo's people", () => {
  it.each(Object.keys(languages))("[DM1] know every mood in %s", (language) => {
    const own = scripts.filter((script) => script.language === language);
    expect(new Set(own.map(({ mood }) => mood))).toEqual(new Set(moods));
  });

  it("[DM1] write from pages the shop has", () => {
    for (const { page } of scripts) {
      const file = page.replace("/shop/", "widget/shop/").replace(/\/$/, "/index.html");
      expect(existsSync(file), page).toBe(true);
    }
  });

  it("[DM9] talk about what the shop sells: coffee", () => {
    const foreign =
      /plant|fern|\bpots?\b(?<!moka pot)|lamp|blanket|terracotta|doniczk|paproć|nefro|roślin|koc\b|рослин|нефро|горщ|торшер|плед/i;
    for (const { lines, mood, language } of scripts) {
      const said = lines.flatMap(({ text, answers }) => [text, ...answers]);
      expect(said.find((text) => foreign.test(text))).toBeUndefined();
      // Somebody who only insults or greets talks about nothing.
      if (mood === "abusive" || mood === "silent") continue;
      expect(said.join(" "), `${language} ${mood}`).toMatch(coffee);
    }
  });

  it("[DM9] rarely tell the same story or share a name with somebody who is here", () => {
    const random = seeded(3);
    const here = new Set<ReturnType<typeof castUnlike>>();
    for (let n = 0; n < 10; n++) here.add(castUnlike(here, random, usualMix));
    const different = (of: (part: ReturnType<typeof castUnlike>) => unknown) =>
      new Set([...here].map(of)).size;
    expect(different(({ name }) => name)).toBe(10);
    expect(different(({ script }) => script)).toBe(10);
    // With everybody taken, somebody still comes.
    for (let n = 0; n < 60; n++) here.add(castUnlike(here, random, usualMix));
    expect(here.size).toBe(70);
  });

  it("[DM9] have more than one conversation for what most of them come for", () => {
    for (const language of Object.keys(languages)) {
      for (const mood of ["calm", "ordering"]) {
        const own = scripts.filter((one) => one.language === language && one.mood === mood);
        expect(own.length, `${language} ${mood}`).toBeGreaterThan(1);
      }
    }
  });

  it("[DM1] write nothing that an agent could not answer", () => {
    for (const { lines, mood } of scripts) {
      for (const { goesOn, answers, text } of lines) {
        expect(text.trim()).toBe(text);
        if (!goesOn) expect(answers.length, `${mood}: ${text}`).toBeGreaterThan(0);
      }
      expect(lines.some(({ later }) => later)).toBe(mood === "comingBack");
      expect(lines.some(({ escalates }) => escalates)).toBe(mood === "manager");
    }
  });

  it("[DM1] are known by their lines, also with something behind them", () => {
    for (const { lines } of scripts) {
      for (const [index, { text }] of lines.entries()) {
        const next = lines[index + 1];
        const last = !next || next.later === true;
        expect(lineBehind(text)).toMatchObject({ text, last });
        expect(lineBehind(`${text} ~s1~`)?.text).toBe(text);
      }
    }
    expect(lineBehind("something else entirely")).toBeNull();
  });

  it("[DM2] say by their names that they are played", () => {
    const random = seeded(7);
    for (const script of scripts) {
      expect(castName(random, script)).toMatch(/ \((demo|демо)\)$/);
    }
  });

  it("[DM2] are answered in their language, or in English", () => {
    expect(languageOf("uk-UA")).toBe(languages.uk);
    expect(languageOf("pl")).toBe(languages.pl);
    expect(languageOf("fr-FR")).toBe(languages.en);
  });

  it("[DM3] are the same for the same seed", () => {
    const cast = (seed: number) => {
      const random = seeded(seed);
      return Array.from({ length: 20 }, () => {
        const script = castScript(random, usualMix);
        return [castName(random, script), script.mood, exponential(random, 10)];
      });
    };
    expect(cast(5)).toEqual(cast(5));
    expect(cast(5)).not.toEqual(cast(6));
  });

  it("[DM3] come along as often as their mood's share, and independently of each other", () => {
    const random = seeded(1);
    const drawn = Array.from({ length: 4_000 }, () =>
      pickWeighted(random, [
        ["often", 3],
        ["seldom", 1],
      ]),
    );
    expect(drawn.filter((one) => one === "often").length / 4_000).toBeCloseTo(0.75, 1);
    const gaps = Array.from({ length: 4_000 }, () => exponential(random, 10));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // A Poisson process has gaps that spread as far as they are long.
    expect(mean).toBeGreaterThan(9);
    expect(mean).toBeLessThan(11);
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.9);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.1);
  });

  it("[DM3] take human time, divided by the speed", () => {
    const half = "x".repeat(90);
    const [slow, fast] = [paceOf(() => 0.5, 1), paceOf(() => 0.5, 20)];
    expect(slow.typing(half)).toBe(10_000);
    expect(fast.typing(half)).toBe(500);
    expect(slow.thinking()).toBe(20 * fast.thinking());
    expect(slow.patience()).toBe(20 * fast.patience());
    expect(slow.typing("x".repeat(5_000))).toBe(20_000);
  });
});

it("[DM4] tells in one line what is going on", () => {
  const state = { arrived: 12, waiting: 4, talking: 1, away: 1, agents: 1, messages: 57 };
  expect(told(state)).toBe(
    "5 visitors here (4 waiting, 1 talking), 1 will be back, 1 agent played, 57 messages from 12 so far",
  );
});
