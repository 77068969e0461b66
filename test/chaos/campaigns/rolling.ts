import { setTimeout as sleep } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";
import { openPool } from "#server/postgres/pool.ts";
import { startCluster } from "../../cluster/cluster.ts";
import { type Agent, agentOn } from "../../support/agent.ts";
import { launchChromium } from "../../support/chromium.ts";
import { expectMessages } from "../../support/conversation.ts";
import { recordBrowser } from "../../support/history/browserFrames.ts";
import { recorder } from "../../support/history/record.ts";
import { startPostgres } from "../../support/postgres.ts";
import { startRedis } from "../../support/redis.ts";
import { postgresTruth, type Said } from "../../support/sqlTruth.ts";
import { type Visitor, visitorOn } from "../../support/visitor.ts";
import { type Outcome, secondsSince, withCleanup } from "./campaign.ts";
import { violationsIn } from "./judged.ts";

export type RollingOptions = {
  nodes: number;
  /** How often every node is drained and started again. */
  rounds: number;
};

/**
 * Every node in turn gets SIGTERM and comes back, while a visitor and an agent go on talking in real
 * browsers. They may see that their connection is being made again, and nothing else.
 */
export function rolling({ nodes, rounds }: RollingOptions): Promise<Outcome> {
  return withCleanup(async (later) => {
    const postgres = await startPostgres();
    later(() => postgres.stop());
    const redis = await startRedis();
    later(() => redis.stop());
    const databaseUrl = await postgres.database();
    const cluster = await startCluster({ nodes, databaseUrl, redisUrl: redis.url });
    later(() => cluster.close());
    const browser = await launchChromium();
    later(() => browser.close());

    const account = cluster.signIns.find(({ name }) => name === "Anna Nowak");
    if (!account) throw new Error("the cluster printed no sign-in for Anna Nowak");
    const atConsole = await browser.person(account.name);
    // Before signing in the console asks whether somebody is, and hears no.
    atConsole.expects(/status of 401 .*\/api\/session/);
    const consoleUrl = `${cluster.publicUrl}/console`;
    const { history, watch } = recorder();
    const consolePage = await atConsole.tab();
    recordBrowser(consolePage, { tab: "console", side: "agent", number: 1 }, watch);
    const agent = agentOn(atConsole, consolePage, account, consoleUrl);
    await agent.signsIn();
    await agent.goesOnline();
    const atShop = await browser.person("Oksana");
    const shopPage = await atShop.tab();
    recordBrowser(shopPage, { tab: "widget", side: "visitor", number: 1 }, watch);
    const visitor = visitorOn(atShop, shopPage);
    await visitor.visits(`${cluster.url}/shop/`);
    await visitor.opensChat();
    await visitor.starts({ name, text: "Hello" });
    await agent.opens(name);

    const screens = [await watched(agent.page), await watched(visitor.page)] as const;
    const began = performance.now();
    const said: Said[] = [{ by: "visitor", text: "Hello" }];
    let over = false;
    const talk = talking(visitor, agent, said, () => over);
    const violations: string[] = [];
    let longestDrain = 0;
    for (let index = 0; index < nodes * rounds; index += 1) {
      const node = cluster.nodes[index % nodes];
      const asked = performance.now();
      const code = (await node?.end("SIGTERM"))?.code;
      longestDrain = Math.max(longestDrain, secondsSince(asked));
      if (code !== 0) {
        const told = node?.output().split("\n").slice(-5).join(" ");
        violations.push(`a node ended with ${code} after ${secondsSince(asked)} s: ${told}`);
      }
      await cluster.restart(index % nodes);
    }
    over = true;
    await talk;
    await expectMessages(visitor, said);
    await expectMessages(agent, said);
    const [consoleSaw, widgetSaw] = await Promise.all(screens.map((screen) => screen.ends()));
    if (!consoleSaw || !widgetSaw) throw new Error("a screen was not watched");
    const took = secondsSince(began);

    const truth = await postgresTruth(databaseUrl);
    later(() => truth.close());
    const driver = openPool(databaseUrl);
    later(() => driver.close());
    violations.push(...(await violationsIn(history, driver, { complete: true })));
    const inSql = await truth.messages(name);
    if (JSON.stringify(inSql) !== JSON.stringify(said)) {
      violations.push(`SQL holds ${inSql.length} messages of ${said.length}`);
    }
    const kinds = (await truth.kinds(name)).filter((kind) => kind !== "message");
    if (kinds.join() !== "started,queued,assigned") violations.push(`the chat was moved: ${kinds}`);
    for (const [who, { lines, reloaded }] of [
      ["the console", consoleSaw],
      ["the widget", widgetSaw],
    ] as const) {
      if (reloaded) violations.push(`${who} was loaded again`);
      const other = lines.filter(({ text }) => !mayBeSeen.test(text));
      for (const { text } of other) violations.push(`${who} said: ${text}`);
    }
    violations.push(
      ...agent.person.complaints.filter(unheard),
      ...atShop.complaints.filter(unheard),
    );
    const figures = {
      nodes,
      drained: nodes * rounds,
      longestDrainSeconds: longestDrain,
      messages: said.length,
      recorded: history.records.length,
      reconnectsShownByConsole: consoleSaw.lines.length,
      longestShownByConsoleMs: longest(consoleSaw),
      reconnectsShownByWidget: widgetSaw.lines.length,
      longestShownByWidgetMs: longest(widgetSaw),
      seconds: took,
    };
    return { figures, violations };
  });
}

const name = "Oksana Bondar";

/** The lines of either program that say that the connection is being made again. */
const mayBeSeen = /reconnecting|connecting|restarting/i;

/**
 * What a browser itself writes when a connection can't be made, or is used while it ends and before the
 * page is told, is no complaint of the page's: what was sent then goes unanswered and is sent again.
 */
const unheard = (line: string): boolean =>
  !/WebSocket connection to|WebSocket is already in CLOSING/.test(line);

/** One says something, the other sees it and answers, until it is over. */
async function talking(
  visitor: Visitor,
  agent: Agent,
  said: Said[],
  isOver: () => boolean,
): Promise<void> {
  for (let turn = 1; !isOver(); turn += 1) {
    for (const [by, from, to] of [
      ["agent", agent, visitor],
      ["visitor", visitor, agent],
    ] as const) {
      const text = `${by} says ${turn}.`;
      said.push({ by, text });
      await from.says(text);
      await to.sees(text);
    }
    await sleep(100);
  }
}

type Shown = { text: string; ms: number };
type Seen = { lines: readonly Shown[]; reloaded: boolean };

const longest = ({ lines }: Seen): number => Math.max(0, ...lines.map(({ ms }) => Math.round(ms)));

/** Writes down each line about the connection and how long it stands on the page, or on its chat's frame. */
async function watched(page: Page): Promise<{ ends(): Promise<Seen> }> {
  const frame: Frame =
    page.frames().find((one) => one.url().includes("/frame/")) ?? page.mainFrame();
  await frame.evaluate(() => {
    const lines: { text: string; from: number; ms: number }[] = [];
    const look = () => {
      const text = document.querySelector(".banner")?.textContent ?? "";
      const last = lines.at(-1);
      if (last && last.ms < 0) {
        if (last.text === text) return;
        last.ms = performance.now() - last.from;
      }
      if (text !== "") lines.push({ text, from: performance.now(), ms: -1 });
    };
    new MutationObserver(look).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
    Object.assign(window, { parleySeen: lines });
  });
  return {
    async ends() {
      const lines = await frame
        .evaluate(() => (window as { parleySeen?: { text: string; ms: number }[] }).parleySeen)
        .catch(() => undefined);
      return { lines: lines ?? [], reloaded: lines === undefined };
    },
  };
}
