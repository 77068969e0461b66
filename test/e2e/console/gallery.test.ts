import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type SceneName, scenes } from "#console/gallery/scenes.ts";
import type {} from "#console/gallery/window.ts";
import {
  type Chromium,
  launchChromium,
  type Person,
  type PersonOptions,
} from "#test/support/chromium.ts";
import { type Gallery, serveGallery } from "#test/support/gallery.ts";

let gallery: Gallery;
let chromium: Chromium;
const people: Person[] = [];

beforeAll(async () => {
  [gallery, chromium] = await Promise.all([serveGallery(), launchChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await gallery?.close();
});
afterEach(async () => {
  const all = people.splice(0);
  const complaints = all.flatMap((person) => person.complaints);
  await Promise.all(all.map((person) => person.context.close()));
  expect(complaints).toEqual([]);
});

const desktop = { viewport: { width: 1440, height: 900 } };

async function open(scene: SceneName, options: PersonOptions = {}): Promise<Page> {
  const person = await chromium.person("Maja", { ...desktop, ...options });
  people.push(person);
  const page = await person.tab();
  page.setDefaultTimeout(5_000);
  await page.goto(gallery.scene(scene));
  await page.locator("#console > *").first().waitFor();
  return page;
}

const log = (page: Page) => page.evaluate(() => window.gallery.session?.log ?? []);
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return (
      at?.getAttribute("aria-label") ?? at?.querySelector(".row-name")?.textContent ?? at?.tagName
    );
  });
const rowNames = (page: Page) => page.locator(".rows .row-name").allTextContents();
const composer = (page: Page) => page.locator(".composer textarea");
/** What the people of the gallery are called, in the order the list has them. */
const inOrder = ["Оксана Петренко", "Anna Kowalska", "Visitor 3dde", "Visitor b99a"];

/** What axe finds; by all of its rules unless some are named. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  // Colours are measured when everything has come to rest.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((each) => each.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map((each) => each.finished),
    ),
  );
  const { violations: found } = await page.evaluate(
    (only) => window.axe.run(only ? { runOnly: only } : {}),
    rules,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(", ")}`);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}

describe("Every screen", () => {
  // Two thousand lines are the same few kinds of line over and over, and take axe a minute.
  const names = (Object.keys(scenes) as SceneName[]).filter((name) => name !== "history");

  it.each(names)("[AC30] is accessible by axe's rules in both themes: %s", async (scene) => {
    const page = await open(scene);
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page, ["color-contrast"])).toEqual([]);
  });

  it.each(["t", "?", "Control+k", "r", "n"])(
    "[AC30] is accessible with what %s opens over it",
    async (key) => {
      const page = await open("chat");
      await page.locator(".row").first().waitFor();
      await page.keyboard.press(key);
      if (key === "r") await page.keyboard.type("/");
      expect(await violations(page)).toEqual([]);
    },
  );

  it("[AC30] is accessible with its menu, its preferences and a reason open", async () => {
    const page = await open("chat");
    await page.locator(".system .link").first().click();
    await page.locator(".nav-account").click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Preferences" }).click();
    expect(await violations(page)).toEqual([]);
  });

  const sizes = [
    { width: 1440, height: 900 },
    { width: 1280, height: 800 },
    { width: 1024, height: 768 },
    { width: 768, height: 1024 },
    { width: 390, height: 844 },
    { width: 320, height: 640 },
  ];
  it.each(["en-GB", "pl-PL", "uk-UA"])("[AC31] fits every size in %s", async (locale) => {
    for (const scene of [
      "chat",
      "longNames",
      "failed",
      "waitingOpen",
      "transferred",
      "signin",
    ] as const) {
      const page = await open(scene, { locale });
      for (const viewport of sizes) {
        await page.setViewportSize(viewport);
        const wide = await page.evaluate(() => {
          const beyond = (element: Element) =>
            element.getBoundingClientRect().right > innerWidth + 1;
          const visible = (element: Element) =>
            element.checkVisibility() &&
            !element.closest(".hidden, .row, .thread-title, .copyable, .palette");
          const root = document.documentElement;
          const scrolls =
            root.scrollWidth > root.clientWidth ||
            root.scrollHeight > root.clientHeight + (document.querySelector(".signin") ? 400 : 0);
          return [
            ...(scrolls ? ["page"] : []),
            ...[...document.querySelectorAll("button, a, p, h1, h2, textarea, input")]
              .filter((each) => visible(each) && beyond(each))
              .map((each) => each.outerHTML.slice(0, 80)),
          ];
        });
        expect(wide, `${scene} at ${viewport.width}`).toEqual([]);
      }
    }
  });
});

describe("By keyboard", () => {
  it("[AC32] J and K walk, Enter opens and puts the caret where one writes, Escape goes back", async () => {
    const page = await open("chats");
    await page.locator(".row").first().waitFor();
    await page.keyboard.press("j");
    expect(await focused(page)).toBe(inOrder[0]);
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("k");
    expect(await focused(page)).toBe(inOrder[1]);
    await page.keyboard.press("Enter");
    await composer(page).waitFor();
    expect(await focused(page)).toBe("Reply to Anna Kowalska");
    expect(page.url()).toMatch(/\/console\/chat\/0195a3c4-c000-7000-8000-000000000001$/);
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe(inOrder[1]);
    await page.keyboard.press("Escape");
    expect(page.url()).toMatch(/\/console\/$/);
  });

  it("[AC32] the keys stay where they are on a Ukrainian keyboard", async () => {
    const page = await open("chats");
    await page.locator(".row").first().waitFor();
    const dispatch = (key: string, code: string) =>
      page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent("keydown", init)), {
        key,
        code,
        bubbles: true,
        cancelable: true,
      });
    await dispatch("о", "KeyJ");
    expect(await focused(page)).toBe(inOrder[0]);
    await dispatch("п", "KeyG");
    await dispatch("ц", "KeyW");
    await page.waitForURL(/\/console\/waiting$/);
  });

  it("[AC32] R and N choose what one writes; Enter sends; what is typed triggers nothing", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.keyboard.press("r");
    await page.keyboard.type("jkg? rn");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second line");
    await page.keyboard.press("Enter");
    expect(await composer(page).inputValue()).toBe("");
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await page.keyboard.type("just for us");
    await page.keyboard.press("Control+Enter");
    expect((await log(page)).filter((line) => /^(say|note)/.test(line))).toEqual([
      "say jkg? rn\nsecond line",
      "note just for us",
    ]);
    await expect.poll(() => page.locator(".note-text").last().textContent()).toBe("just for us");
  });

  it("[AC32] / filters the list and Escape clears it", async () => {
    const page = await open("chats");
    await page.locator(".row").first().waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("berger");
    expect(await rowNames(page)).toEqual(["Martin Berger"]);
    await page.keyboard.press("Escape");
    expect(await rowNames(page)).toHaveLength(6);
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    expect(await focused(page)).toBe(inOrder[0]);
  });

  it("[AC32] a chat is transferred without the mouse, and the agent hears where it went", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.keyboard.press("t");
    await page.keyboard.type("bill");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Please look at the hold");
    await page.keyboard.press("Control+Enter");
    await page.getByText("The chat was transferred to Billing and refunds").waitFor();
    expect((await log(page)).find((line) => /^transfer/.test(line))).toContain(
      "Please look at the hold",
    );
    await expect
      .poll(() => page.locator(".toast").textContent())
      .toBe("Transferred to Billing and refunds");
    expect(await page.locator("dialog[open]").count()).toBe(0);
  });

  it("[AC32] canned replies are found, chosen and filled from the text itself", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.keyboard.press("r");
    await page.keyboard.type("/");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    expect(await composer(page).getAttribute("aria-activedescendant")).toBe(
      await page.getByRole("option", { selected: true }).getAttribute("id"),
    );
    await page.keyboard.type("hi");
    await page.keyboard.press("Tab");
    expect(await composer(page).inputValue()).toBe(
      "Hello Anna Kowalska, I’m Maja Zielińska. How can I help you today?",
    );
    await page.keyboard.type(" /");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("option").count()).toBe(0);
    expect(await focused(page)).toBe("Reply to Anna Kowalska");
  });

  it("[AC44] a slash that asks for no canned reply is sent only after Escape", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.keyboard.press("r");
    await page.keyboard.type("/del");
    await page.getByRole("option").first().waitFor();
    await page.keyboard.type("x");
    await page.locator(".canned-none").waitFor();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    const send = page.getByRole("button", { name: "Send", exact: true });
    await expect.poll(() => send.getAttribute("aria-disabled")).toBe("true");
    await send.click({ force: true });
    expect(await composer(page).inputValue()).toBe("/delx");
    await page.keyboard.press("Escape");
    // The slash is a word now, so the button says what it does again.
    await expect.poll(() => send.getAttribute("aria-disabled")).toBe("false");
    await page.keyboard.press("Enter");
    expect((await log(page)).filter((line) => /^say/.test(line))).toEqual(["say /delx"]);
  });

  it("[AC50] chats on hold and closed ones are listed and open to be read and noted", async () => {
    const page = await open("parkedList");
    const nav = page.getByRole("navigation", { name: "Main" });
    await expect.poll(() => nav.getByText("3 chats on hold").count()).toBe(1);
    expect(await rowNames(page)).toEqual([
      "Оксана Петренко",
      "Tom",
      expect.stringMatching(/^Visitor /),
    ]);
    const why = page.locator(".composer-why");
    expect(await why.textContent()).toContain("Nobody was online in Support");
    expect(await page.getByRole("button", { name: "Transfer" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Reply" }).count()).toBe(0);
    await composer(page).fill("Call back on Monday");
    await page.getByRole("button", { name: "Add note" }).click();
    expect(await log(page)).toContain("note Call back on Monday");

    await page.locator(".inbox h1").click();
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await expect.poll(() => page.url()).toMatch(/\/console\/parked$/);
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await expect.poll(() => page.url()).toMatch(/\/console\/closed$/);
    await page.getByText("Nothing closed yet").waitFor();
  });

  it("[AC50] a closed chat says what happens when its visitor writes again", async () => {
    const recent = await open("closedList");
    const why = (page: Page) => page.locator(".composer-why").textContent();
    await expect
      .poll(() => why(recent))
      .toBe(
        "The chat is closed. If the visitor writes again within a day, the chat goes on. You can add notes.",
      );
    await recent.locator(".row").nth(2).click();
    await expect.poll(() => why(recent)).toContain("The visitor left without an answer");
    const old = await open("closedOld");
    await expect.poll(() => why(old)).toContain("a new chat begins");
    await old.getByText("Only the newest 100 chats are listed.").waitFor({ state: "attached" });
  });

  it("[AC51] a transfer shows who is online where, and what happens where nobody else is", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.getByRole("button", { name: "Transfer" }).click();
    const choices = page.locator(".choice");
    await choices.first().waitFor();
    expect(await choices.locator(".choice-more").allTextContents()).toEqual([
      "3 online · you are in it",
      "1 online · now here: goes back to waiting",
      "nobody online",
      "2 online",
    ]);
    const note = page.locator(".choices-note");
    expect(await note.textContent()).toBe("");
    await choices.nth(2).click();
    await expect
      .poll(() => note.textContent())
      .toContain("Nobody is online in Billing and refunds");
    await choices.nth(1).click();
    await expect.poll(() => note.textContent()).toContain("Only you are online in Support");
    await choices.nth(3).click();
    await expect.poll(() => note.textContent()).toBe("");
    await page.evaluate(() => window.gallery.session?.connect("reconnecting"));
    await expect.poll(() => page.getByText("nobody online").count()).toBe(0);
  });

  it("[AC56] a lost connection can be tried at once, after a while", async () => {
    const page = await open("chat");
    const now = page.getByRole("button", { name: "Try now" });
    await page.evaluate(() => window.gallery.session?.connect("reconnecting"));
    await page.locator(".banner").waitFor();
    expect(await now.count()).toBe(0);
    await now.click();
    expect((await log(page)).at(-1)).toBe("reconnect");
    await page.getByRole("button", { name: "Connecting" }).waitFor();
    await page.evaluate(() => window.gallery.session?.connect("online"));
    await page.locator(".banner").waitFor({ state: "detached" });
    // Who had the focus there goes on writing.
    await expect
      .poll(() => composer(page).evaluate((field) => field === document.activeElement))
      .toBe(true);
  });

  it("[AC56] the focus goes on to the list where no chat is open", async () => {
    const page = await open("chats");
    const now = page.getByRole("button", { name: "Try now" });
    await page.evaluate(() => window.gallery.session?.connect("offline"));
    await now.waitFor();
    await now.focus();
    await page.evaluate(() => window.gallery.session?.connect("online"));
    await page.locator(".banner").waitFor({ state: "detached" });
    const chat = () => document.activeElement?.matches("[data-chat]");
    await expect.poll(() => page.evaluate(chat)).toBe(true);
  });

  it("[AC57] a message that nothing keeps says that a reload loses it", async () => {
    const page = await open("chat");
    await page.evaluate(() => window.gallery.session?.connect("offline"));
    await composer(page).fill("This is kept.");
    await page.keyboard.press("Enter");
    await page.getByText("This is kept.").waitFor();
    expect(await page.getByText("Lost if you reload").count()).toBe(0);
    await page.evaluate(() => window.gallery.session?.keepNothing());
    await composer(page).fill("This is not.");
    await page.keyboard.press("Enter");
    await page.getByText("Lost if you reload").waitFor();
  });

  it("[AC45] Escape closes the menu that lies over a chat, and the chat stays", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.locator(".nav-account").click();
    await page.locator(".menu:popover-open").waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator(".menu:popover-open").count()).toBe(0);
    expect(page.url()).toMatch(/000000000001$/);
    expect(await page.locator(".thread-head").count()).toBe(1);
  });

  it("[AC33] the palette finds actions and chats", async () => {
    const page = await open("chat");
    await composer(page).waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("theme dark");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate(() => document.documentElement.dataset.theme))
      .toBe("dark");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("петренко");
    await page.keyboard.press("Enter");
    await page.waitForURL(/000000000004$/);
    await expect.poll(() => focused(page)).toBe("Reply to Оксана Петренко");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("go away");
    await page.keyboard.press("Enter");
    await expect.poll(() => log(page)).toContain("status away");
  });

  it("[AC33] the help shows the map, and single keys can be switched off", async () => {
    const page = await open("chats");
    await page.locator(".row").first().waitFor();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("single-key");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem("parley.preferences")))
      .toContain('"shortcuts":false');
    await page.keyboard.press("j");
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await page.keyboard.press("Control+k");
    await page.locator("dialog[open]").waitFor();
  });
});

describe("A list", () => {
  it("[AC34] doesn’t move under the pointer, and puts itself in order afterwards", async () => {
    const page = await open("chats");
    const before = await rowNames(page);
    await page.locator(".row").nth(4).hover();
    await page.evaluate(() => {
      const rows = window.gallery.session?.mine.value.rows ?? [];
      const row = rows.find(({ conversation }) => conversation.name === "Martin Berger");
      if (row) window.gallery.session?.hear(row.conversation.id, "And the price?");
      window.gallery.session?.receive(
        window.gallery.chat({ n: 50, name: "Eva", started: 9_000, unanswered: 9_000 }),
      );
    });
    await expect
      .poll(() => page.locator(".row-preview").allTextContents())
      .toContain("And the price?");
    expect(await rowNames(page)).toEqual([...before, "Eva"]);
    await page.mouse.move(900, 400);
    await expect
      .poll(() => rowNames(page))
      .toEqual(["Eva", ...before.slice(0, 4), "Martin Berger", "J. R."]);
  });

  it("[AC34] of five hundred draws what is near and can be walked to its end", async () => {
    const page = await open("waiting");
    await page.locator(".row").first().waitFor();
    expect(await page.locator(".row").count()).toBeLessThan(50);
    await page.keyboard.press("k");
    await expect.poll(() => focused(page)).toBe("Visitor number 500");
    await page.keyboard.press("j");
    for (let step = 0; step < 30; step += 1) await page.keyboard.press("k");
    await expect.poll(() => focused(page)).toBe("Visitor number 470");
    await page.getByText("242 more chats are waiting").waitFor();
  });

  it("[AC35] tells what is unread in the title", async () => {
    const page = await open("chats");
    await expect.poll(() => page.title()).toBe("(4) My chats · Parley");
  });
});

describe("A conversation", () => {
  it("[AC36] stays where one reads and says how much came", async () => {
    const page = await open("chat");
    const log = page.getByRole("log");
    await log.evaluate(
      (element) =>
        new Promise<void>((scrolled) => {
          element.addEventListener("scroll", () => requestAnimationFrame(() => scrolled()));
          element.scrollTo(0, 0);
        }),
    );
    const id = scenes.chat.place.chat;
    const hear = (text: string) =>
      page.evaluate(([chat, said]) => chat && window.gallery.session?.hear(chat, said), [
        id,
        text,
      ] as const);
    await hear("One");
    await hear("Two");
    const pill = page.getByRole("button", { name: "2 new messages" });
    await pill.waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(0);
    await pill.click();
    await page.getByText("Two", { exact: true }).last().waitFor();
    expect(
      await log.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight),
    ).toBeLessThan(2);
    expect(await pill.count()).toBe(0);
  });

  it("[AC36] counts as read once its end is on screen", async () => {
    const page = await open("fewChats");
    await expect.poll(() => log(page)).toContain("read");
    await expect.poll(() => page.title()).toMatch(/^\(2\)/);
  });

  it("[AC46] shows addresses in messages and notes as links", async () => {
    const page = await open("chat");
    const link = page.locator(".bubble a");
    expect(await link.getAttribute("href")).toMatch(/^https:\/\/shop\.example\.com\/orders\//);
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(await link.getAttribute("target")).toBe("_blank");
    await page.keyboard.press("n");
    await page.keyboard.type("See https://bank.example.com/holds.");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => page.locator(".note-text a").getAttribute("href"))
      .toBe("https://bank.example.com/holds");
  });

  it("[AC37] keeps what one began to write over a reload", async () => {
    const page = await open("fewChats");
    await composer(page).fill("Yes, we do ship");
    await page.goto(gallery.scene("chats"));
    await expect.poll(() => page.locator(".row-draft + bdi").textContent()).toBe("Yes, we do ship");
    await page.goto(gallery.scene("fewChats"));
    expect(await composer(page).inputValue()).toBe("Yes, we do ship");
  });

  it("[AC37] keeps a begun reply when the chat leaves the agent", async () => {
    const page = await open("closed");
    await page.getByText("The visitor ended the chat.", { exact: false }).last().waitFor();
    await page.getByText("I’m checking with the bank and").waitFor();
    await page.getByRole("button", { name: "Delete draft" }).click();
    expect(await page.locator(".composer-kept").count()).toBe(0);
  });

  it("[AC37] says so when there is no such chat", async () => {
    const page = await open("notFound");
    await page.getByRole("heading", { name: "This chat isn’t here" }).waitFor();
    await page.getByRole("link", { name: "Go to my chats" }).click();
    await page.getByText("No chat open").waitFor();
  });

  it("[AC36] opens at its end, however long it is", async () => {
    const page = await open("history");
    await page.getByText("Answer 1000:").waitFor();
    await expect
      .poll(() =>
        page
          .getByRole("log")
          .evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight),
      )
      .toBeLessThan(2);
  });

  it("[AC38] offers to send a failed message again or to drop it", async () => {
    const page = await open("failed");
    await page.getByRole("button", { name: "Send again" }).click();
    await expect.poll(() => log(page)).toContain("retry m9");
    expect(await page.getByRole("button", { name: "Discard" }).count()).toBe(0);
  });

  it("[AC39] asks before closing only while the visitor waits", async () => {
    const page = await open("chat");
    await page.getByRole("button", { name: "Close chat" }).click();
    await page.getByRole("button", { name: "Keep it open" }).click();
    expect(await log(page)).not.toContain("close");
    await page.getByRole("link", { name: "Martin Berger" }).click();
    await page.getByRole("heading", { name: "Martin Berger" }).waitFor();
    await page.getByRole("button", { name: "Close chat" }).click();
    await expect.poll(() => log(page)).toContain("close");
    expect(await page.locator("dialog[open]").count()).toBe(0);
  });

  it("[AC47] are given back by signing out only after a question, and kept while away", async () => {
    const page = await open("fewChats");
    await page.locator(".nav-account").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    const question = page.getByRole("dialog", { name: "Sign out?" });
    await question.getByText("You hold 2 chats. They go back to the queue").waitFor();
    await question.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: /^Status: Online/ }).click();
    await page.getByText("You are away. Your 2 chats stay with you.").waitFor();
    await page.locator(".nav-account").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await question.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Parley" }).waitFor();
  });

  it("[AC48] that don’t come are explained", async () => {
    const page = await open("emptyElsewhere");
    await page.getByText("You answer: Sales, Support.").waitFor();
    await page.getByText("Chats are waiting where you don’t answer: Returns.").waitFor();
    await page.goto(gallery.scene("waitingElsewhere"));
    await page.getByText("This chat waits in Billing and refunds, and you are not").waitFor();
  });

  it("[AC49] don’t come while there is no connection, whatever the status was", async () => {
    const page = await open("offline");
    await page.getByRole("button", { name: "Status: Not connected" }).waitFor();
    expect(await page.locator(".nav-account .dot-online, .presence-online").count()).toBe(0);
  });

  it("[AC40] shows in one column either the list or the chat", async () => {
    const page = await open("chats", { viewport: { width: 390, height: 844 } });
    await page.getByRole("link", { name: "Anna Kowalska" }).click();
    await page.getByRole("log").waitFor();
    expect(await page.locator(".inbox").isVisible()).toBe(false);
    await page.getByRole("link", { name: "Back to the list" }).click();
    await page.locator(".inbox").waitFor();
    expect(await page.locator(".thread").isVisible()).toBe(false);
  });
});

describe("News", () => {
  it("[AC43] of a background tab comes as one notification, from one tab", async () => {
    const person = await chromium.person("Maja", desktop);
    people.push(person);
    await person.context.addInitScript(() => {
      // The page before the first one has no storage.
      if (location.protocol !== "http:") return;
      localStorage.setItem("parley.preferences", JSON.stringify({ notifications: true }));
      document.hasFocus = () => false;
      const told: string[] = [];
      Object.assign(window, {
        told,
        Notification: class {
          static permission = "granted";
          constructor(title: string, { body }: NotificationOptions) {
            told.push(`${title}: ${body}`);
          }
        },
      });
    });
    const pages = await Promise.all([person.tab(), person.tab()]);
    for (const page of pages) {
      await page.goto(gallery.scene("chats"));
      await page.locator(".row").first().waitFor();
    }
    for (const page of pages) {
      await page.evaluate(() => {
        const { chat, session } = window.gallery;
        session?.receive(chat({ n: 50, name: "Eva", said: ["visitor", "Good morning", 1] }));
      });
    }
    const told = async () =>
      (
        await Promise.all(
          pages.map((page) => page.evaluate(() => (window as unknown as { told: string[] }).told)),
        )
      ).flat();
    await expect.poll(told).toEqual(["New chat: Eva: Good morning"]);
    await pages[0]?.waitForTimeout(500);
    expect(await told()).toHaveLength(1);
  });
});

describe("Languages", () => {
  it("[AC41] come when they are chosen, English being always there", async () => {
    const page = await open("chats");
    const fetched: string[] = [];
    page.on("request", (request) => void fetched.push(request.url()));
    await page.locator(".nav-account").click();
    await page.getByRole("button", { name: "Preferences" }).click();
    await page.getByRole("combobox", { name: "Language" }).selectOption("pl");
    await page.getByRole("heading", { name: "Ustawienia" }).waitFor();
    expect(fetched).toHaveLength(1);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("pl");
    await page.reload();
  });
});

describe("The door", () => {
  it("[AC42] says what is wrong beside what is wrong, and lets password managers in", async () => {
    const page = await open("signin");
    await page.getByRole("button", { name: "Sign in" }).click();
    expect(await focused(page)).toBe("INPUT");
    await page.getByText("Enter your email address").waitFor();
    const email = page.getByLabel("Email");
    expect(await email.getAttribute("autocomplete")).toBe("username");
    await email.fill("anna@example.com");
    const password = page.getByLabel("Password", { exact: true });
    expect(await password.getAttribute("autocomplete")).toBe("current-password");
    await password.fill("wrong");
    await page.getByRole("button", { name: "Show password" }).click();
    expect(await password.getAttribute("type")).toBe("text");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("Email and password don’t match").waitFor();
  });

  it("[AC42] counts down when there were too many attempts", async () => {
    const page = await open("signinRate");
    await page.getByLabel("Email").fill("anna@example.com");
    await page.getByLabel("Password", { exact: true }).fill("x");
    await page.keyboard.press("Enter");
    await page
      .getByRole("alert")
      .getByText(/in 4[0-2] seconds/)
      .waitFor();
    expect(await page.getByRole("button", { name: "Sign in" }).getAttribute("aria-disabled")).toBe(
      "true",
    );
  });
});
