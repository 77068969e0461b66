/**
 * `npm run screenshots`: plays a conversation on the real server and takes pictures of every screen,
 * light and dark, in every language, into screenshots/ (kept by nobody) and the README's into
 * docs/images/.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import type { ConversationId } from "#shared/model/ids.ts";
import { at as path } from "../../bin/paths.js";
import { type Agent, agentOn } from "./agent.ts";
import { type Chromium, launchChromium } from "./chromium.ts";
import { type Client, newId, visitorClient } from "./clients.ts";
import { removeFolder, runParley } from "./process.ts";
import { type Script, scripts } from "./screenshotScripts.ts";
import { type Visitor, visitorOn } from "./visitor.ts";
import type { Language } from "./words.ts";

/** Those the README shows, by language, screen and theme. */
const shown: Readonly<Record<string, string>> = {
  "en-chat-light": "widget-chat.png",
  "en-thread-light": "console-thread.png",
};
/** A page of pictures is to load quickly, also for somebody far away. */
const largest = 150_000;
const shopWindow = { width: 1_000, height: 800 };
const consoleWindow = { width: 1_280, height: 800 };

const browser = await launchChromium();
try {
  for (const language of ["en", "pl", "uk"] as const) await play(browser, language);
} finally {
  await browser.close();
}

async function play(chromium: Chromium, language: Language): Promise<void> {
  const script = scripts[language];
  const parley = await runParley();
  const clients: Client[] = [];
  try {
    const { shopUrl, consoleUrl, signIns } = await parley.ready();
    const account = signIns.find(({ name }) => name === "Anna Nowak");
    if (!shopUrl || !account) throw new Error("this server has no demo");
    const take = pictures(language);
    const locale = { en: "en-GB", pl: "pl-PL", uk: "uk-UA" }[language];

    const atConsole = await chromium.person("agent", { locale, viewport: consoleWindow });
    const agent = agentOn(atConsole, await atConsole.tab(), account, consoleUrl, language);
    await agent.page.goto(consoleUrl);
    await agent.page.getByRole("heading", { name: agent.word("signin.title") }).waitFor();
    await take("sign-in", agent.page);
    await agent.signsIn();
    await agent.page.getByRole("heading", { name: agent.word("list.mineEmpty") }).waitFor();
    await take("inbox-empty", agent.page);
    await agent.goesOnline();

    const visitor = await atShop(chromium, { shopUrl, language, locale });
    await take("launcher", visitor.page);
    await visitor.opensChat();
    await visitor.sees(visitor.word("presence.here"));
    await take("start", visitor.page);
    await converse(visitor, agent, script);
    await take("chat", visitor.page);

    const server = { url: parley.url, config: { publicUrl: `http://localhost:${parley.port}` } };
    for (const [name, text] of script.others) {
      const client = await visitorClient(server);
      clients.push(client);
      const conversation = newId<ConversationId>();
      await client.command({ kind: "start", conversation, name });
      await client.command({ kind: "say", conversation, content: { type: "text", text } });
    }
    const [waiting, text] = script.waiting;
    const last = await atShop(chromium, { shopUrl, language, locale });
    await last.opensChat();
    await last.starts({ name: waiting, text });
    await last.sees(last.word("waiting.position", { position: 2 }));
    await take("waiting", last.page);

    await agent.page.getByText(agent.word("capacity.text", { used: 4, count: 4 })).waitFor();
    await agent.page
      .getByRole("button", { name: agent.word("because.open") })
      .first()
      .click();
    await agent.log.evaluate((log) => log.scrollTo(0, 0));
    await take("thread", agent.page);
    await agent.page
      .getByRole("button", { name: agent.word("thread.transfer"), exact: true })
      .click();
    await agent.page.getByRole("dialog").getByRole("radio", { name: "Specialists" }).check();
    await agent.page
      .getByRole("textbox", { name: agent.word("transfer.note") })
      .fill(script.handover);
    await take("transfer", agent.page);
    await agent.page.keyboard.press("Escape");
    await agent.page.getByRole("link", { name: agent.word("app.name") }).click();
    await agent.page.getByRole("heading", { name: agent.word("thread.none") }).waitFor();
    await take("inbox", agent.page);

    await visitor.ends();
    await take("closed", visitor.page);
  } finally {
    for (const client of clients) client.close();
    await parley.end();
    await removeFolder(parley.dataDir);
  }
}

type Shop = { shopUrl: string; language: Language; locale: string };

async function atShop(chromium: Chromium, { shopUrl, language, locale }: Shop): Promise<Visitor> {
  const person = await chromium.person("visitor", { locale, viewport: shopWindow });
  const visitor = visitorOn(person, await person.tab(), language);
  await visitor.visits(shopUrl);
  // The shop is in English; its visitors needn't be.
  await visitor.page.evaluate((tag) => {
    if (window.Parley && "setLocale" in window.Parley) window.Parley.setLocale(tag);
  }, language);
  return visitor;
}

async function converse(visitor: Visitor, agent: Agent, script: Script): Promise<void> {
  const [[, opening], ...rest] = script.lines;
  await visitor.starts({ name: script.visitor, text: opening });
  await agent.opens(script.visitor);
  for (const [who, text] of rest) {
    if (who === "note") await agent.notes(text);
    else await (who === "agent" ? agent : visitor).says(text);
    await agent.sees(text);
    if (who !== "note") await visitor.sees(text);
  }
  // Both have read everything: the picture is of a chat that stands still.
  await visitor.log.locator(".mark.read").last().waitFor();
  await agent.log.locator(".mark-read").last().waitFor();
}

/** Takes a screen in both themes and says how heavy the pictures are. */
function pictures(language: Language) {
  return async (screen: string, page: Page): Promise<void> => {
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await Promise.all(page.frames().map(painted));
      const name = `${language}-${screen}-${theme}`;
      const picture = await page.screenshot({ animations: "disabled", caret: "hide" });
      await keep(path("screenshots"), `${name}.png`, picture);
      const kept = shown[name];
      if (!kept) continue;
      if (picture.length > largest) {
        throw new Error(`${kept} would weigh ${picture.length} bytes, more than ${largest}`);
      }
      await keep(path("docs", "images"), kept, picture);
    }
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  };
}

/** Frames of other sites draw in a process of their own, which hears of a new theme later. */
async function painted(frame: Frame): Promise<void> {
  await frame.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 100)));
      }),
  );
}

async function keep(folder: string, name: string, picture: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), picture);
  console.log(`${join(folder, name)} ${Math.round(picture.length / 1_000)} kB`);
}
