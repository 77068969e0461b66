import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type Chromium,
  launchChromium,
  type Person,
  type PersonOptions,
} from "#test/support/chromium.ts";
import { serveWidgetGallery } from "#test/widget/support/gallery.ts";
import type { Served } from "#test/widget/support/serve.ts";
import { states } from "#widget/frame/gallery/states.ts";
import type {} from "#widget/frame/gallery/window.ts";

let gallery: Served;
let chromium: Chromium;
let visitor: Person | undefined;

beforeAll(async () => {
  [gallery, chromium] = await Promise.all([serveWidgetGallery(), launchChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await gallery?.close();
});
afterEach(async () => {
  const complaints = visitor?.complaints;
  await visitor?.context.close();
  visitor = undefined;
  expect(complaints).toEqual([]);
});

const panel = { width: 376, height: 680 };

async function open(query: string, options: PersonOptions = {}): Promise<Page> {
  visitor = await chromium.person("visitor", { viewport: panel, ...options });
  visitor.expects(/favicon\.ico/);
  const page = await visitor.tab();
  page.setDefaultTimeout(5_000);
  await show(page, query);
  return page;
}

async function show(page: Page, query: string): Promise<void> {
  await page.goto(`${gallery.origin}/?${query}`);
  await page.waitForFunction(() => "widgetGallery" in window);
}

/** What the panel asked of its session, and what it told the page around. */
const asked = (page: Page) => page.evaluate(() => window.widgetGallery.session.asked);
const told = (page: Page, call: string) =>
  page.evaluate(
    (name) => window.widgetGallery.host.asked.findLast(([one]) => one === name)?.[1],
    call,
  );
const askFocus = (page: Page) =>
  page.evaluate(() => {
    window.widgetGallery.host.focusAsked.value += 1;
  });
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
/** A message comes in. */
const arrives = (page: Page, text: string, mine = false) =>
  page.evaluate(
    ([words, own]) => {
      const { timeline } = window.widgetGallery.session;
      const like = timeline.peek().find((row) => row.kind === "message" && row.mine === own);
      const at = timeline.peek().at(-1)?.at ?? 0;
      const row = { ...like, key: `new ${words}`, text: words, at } as typeof like & object;
      timeline.value = [...timeline.peek(), row];
    },
    [text, mine] as const,
  );

describe("every state", () => {
  const all = [...Object.keys(states), "alone"];
  const looks = [
    ["at 376 px, light, in English", "lang=en", {}],
    ["at 376 px, dark, in Ukrainian", "lang=uk&theme=dark", {}],
    [
      "at 320 px, full screen, in Polish, with long names",
      "lang=pl&names=long&narrow=yes&kept=no",
      { viewport: { width: 320, height: 568 } },
    ],
    ["with a pale accent", "accent=%23ffd43b", {}],
    ["dark with a dark accent", "accent=%23101820&theme=dark", {}],
  ] as const;

  it.each(looks)("[W40] has no barrier that axe finds, %s", async (_, look, options) => {
    const page = await open(look, options);
    const found: string[] = [];
    // Five hundred messages have no barrier that ten don't have, and take axe a long time.
    for (const state of all.filter((each) => each !== "many")) {
      await show(page, `state=${state}&${look}`);
      await page.evaluate(axe.source);
      await page.waitForTimeout(state === "loading" ? 500 : 250);
      const { violations } = await page.evaluate(() =>
        (window as unknown as { axe: typeof axe }).axe.run(),
      );
      found.push(
        ...violations.map(
          ({ id, nodes }) => `${state} ${id}: ${nodes.map((n) => n.target).join(", ")}`,
        ),
      );
    }
    expect(found).toEqual([]);
  });

  it("[W41] never needs scrolling sideways, down to 320 px", async () => {
    const page = await open("lang=uk&names=long", { viewport: { width: 320, height: 500 } });
    const wide: string[] = [];
    for (const state of all) {
      await show(page, `state=${state}&lang=uk&names=long&kept=no`);
      const over = await page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll(".scroller, .start")].some(
          (element) => element.scrollWidth > element.clientWidth,
        ),
      );
      if (over) wide.push(state);
    }
    expect(wide).toEqual([]);
  });

  it("[W42] has targets of 44 px where fingers press", async () => {
    const page = await open("state=talking", {
      touch: true,
      viewport: { width: 390, height: 760 },
    });
    const small: string[] = [];
    for (const state of ["startHere", "talking", "failed", "closed", "ending", "refusedSite"]) {
      await show(page, `state=${state}&narrow=yes`);
      small.push(
        ...(await page.evaluate((name) => {
          const visible = [...document.querySelectorAll("button, input, textarea")];
          return visible
            .map((element) => [element, element.getBoundingClientRect()] as const)
            .filter(([, { width, height }]) => width < 44 || height < 44)
            .map(([element]) => `${name}: ${element.outerHTML.slice(0, 80)}`);
        }, state)),
      );
    }
    expect(small).toEqual([]);
  });
});

describe("starting", () => {
  it("[W43] needs nothing but the keyboard", async () => {
    const page = await open("state=startHere");
    await askFocus(page);
    await page.waitForFunction(() => document.activeElement?.id === "message");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Hello");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("there");
    await page.keyboard.press("Shift+Tab");
    expect(await focused(page)).toBe("name");
    await page.keyboard.type(" Maria ");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await asked(page)).toEqual([["start", "Maria", "Hello\nthere"]]);
  });

  it("[W43] sends nothing while an input method composes", async () => {
    const page = await open("state=startHere&draft=nihon");
    await page.evaluate(() =>
      document
        .getElementById("message")
        ?.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true }),
        ),
    );
    expect(await asked(page)).toEqual([]);
  });

  it("[W44] refuses what is too long before it's sent, and says by how much", async () => {
    const page = await open("state=startHere");
    await page.locator("#message").fill("a".repeat(10_002));
    await page.getByText("2 characters too many").waitFor();
    expect(await page.locator("#message").getAttribute("aria-invalid")).toBe("true");
    await page.getByRole("button", { name: "Start chat" }).click({ force: true });
    expect(await asked(page)).toEqual([]);
    await page.locator("#message").fill("a".repeat(10_000));
    await page.keyboard.press("Enter");
    expect((await asked(page)).length).toBe(1);
  });

  it("[W65] asks for a first message, and shows that what is too long can't be sent", async () => {
    const page = await open("state=startHere");
    await page.getByRole("button", { name: "Start chat" }).click();
    expect(await focused(page)).toBe("message");
    const field = page.locator("#message");
    const needed = page.getByText("Please write a message first.");
    await needed.waitFor();
    expect(await field.getAttribute("aria-describedby")).toBe(await needed.getAttribute("id"));
    await page.keyboard.type("H");
    await needed.waitFor({ state: "detached" });
    await show(page, "state=talking");
    const send = page.getByRole("button", { name: "Send message" });
    const disabled = () => send.getAttribute("aria-disabled");
    expect(await disabled()).toBe("true");
    await page.locator("#composer").fill("a".repeat(10_000));
    expect(await disabled()).toBe("false");
    await page.locator("#composer").fill("a".repeat(10_001));
    expect(await disabled()).toBe("true");
  });

  it("[W45] says whether somebody is there only when it knows", async () => {
    const page = await open("state=startHere");
    await page.getByText("Somebody is here now").waitFor();
    await page.evaluate(() => {
      window.widgetGallery.session.staffed.value = false;
    });
    await page.getByText("Nobody is here right now").waitFor();
    await page.getByRole("button", { name: "Leave message" }).waitFor();
    await page.evaluate(() => {
      window.widgetGallery.session.connection.value = "offline";
    });
    expect(await page.locator(".presence").count()).toBe(0);
    await page.getByText("You are offline").first().waitFor();
  });

  it("[W46] takes the page's words into the composer, below the visitor's own", async () => {
    const page = await open("state=startHere&draft=Hello.");
    await page.evaluate(() => {
      window.widgetGallery.host.prefill.value = { text: "About order 7" };
    });
    await page.waitForFunction(() =>
      (document.getElementById("message") as HTMLTextAreaElement).value.includes("7"),
    );
    expect(await page.locator("#message").inputValue()).toBe("Hello.\nAbout order 7");
  });
});

describe("the conversation", () => {
  it("[W47] is a log that announces what comes, not what was there, and is only ever added to", async () => {
    const page = await open("state=talking");
    const log = page.getByRole("log", { name: "Messages" });
    expect(await log.getAttribute("aria-live")).toBe("off");
    await page.waitForFunction(
      () => document.querySelector('[role="log"]')?.getAttribute("aria-live") === "polite",
    );
    expect(await log.getByRole("listitem").filter({ hasText: "neighbour" }).innerText()).toContain(
      "You, 3:29 PM:",
    );
    await page.evaluate(() => {
      const seen = { added: [] as string[], removed: 0 };
      Object.assign(window, { seen });
      new MutationObserver((records) => {
        for (const { addedNodes, removedNodes } of records) {
          for (const node of addedNodes) seen.added.push(node.textContent ?? "");
          seen.removed += removedNodes.length;
        }
      }).observe(document.querySelector(".items") as Element, { childList: true });
    });
    await arrives(page, "First");
    await arrives(page, "Second");
    await page.getByText("Second").waitFor();
    expect(await page.evaluate("seen")).toEqual({
      added: [expect.stringContaining("First"), expect.stringContaining("Second")],
      removed: 0,
    });
  });

  it("[W48] tells where in line the visitor stands, politely", async () => {
    const page = await open("state=waiting");
    const status = page.getByRole("status");
    await status.filter({ hasText: "You are number 3 in line" }).waitFor();
    await page.evaluate(() => {
      window.widgetGallery.session.position.value = 1;
    });
    await status.filter({ hasText: "You are next in line" }).waitFor();
    expect(await page.locator("#composer").isVisible()).toBe(true);
  });

  it("[W63] says that nobody is there to those who wait, and what is kept", async () => {
    const page = await open("state=waitingAway");
    await page.getByRole("status").filter({ hasText: "Nobody is here right now" }).waitFor();
    await page.getByText("You keep your place and your messages").waitFor();
    expect(await page.getByText("next in line").count()).toBe(0);
    await page.evaluate(() => {
      window.widgetGallery.session.staffed.value = true;
    });
    await page.locator(".waiting").filter({ hasText: "You are next in line" }).waitFor();
  });

  it("[W49] tells once that somebody is writing, and shows it while they do", async () => {
    const page = await open("state=talking");
    await page.evaluate(() => {
      window.widgetGallery.session.agentTyping.value = true;
    });
    await page.locator(".typing").waitFor();
    await page.getByRole("status").filter({ hasText: "Anna Kowalska is typing" }).waitFor();
    await page.waitForFunction(() => document.querySelector('[role="status"]')?.textContent === "");
    await page.evaluate(() => {
      window.widgetGallery.session.agentTyping.value = false;
    });
    await page.locator(".typing").waitFor({ state: "detached" });
  });

  it("[W50] stays where the visitor reads, with a pill for what came below", async () => {
    const page = await open("state=many");
    const scroller = page.locator(".scroller");
    await scroller.evaluate((element) => {
      element.scrollTop = 4_000;
    });
    await page.getByRole("button", { name: "Go to the latest message" }).waitFor();
    await arrives(page, "One");
    await arrives(page, "Two");
    const pill = page.getByRole("button", { name: "2 new messages" });
    await pill.waitFor();
    expect(await scroller.evaluate((element) => element.scrollTop)).toBe(4_000);
    expect((await asked(page)).filter(([verb]) => verb === "read")).toEqual([]);
    await pill.click();
    await pill.waitFor({ state: "detached" });
    const atEnd = () =>
      scroller.evaluate((el) => el.scrollHeight - el.scrollTop - el.clientHeight < 2);
    expect(await atEnd()).toBe(true);
    await scroller.evaluate((element) => {
      element.scrollTop = 0;
    });
    await arrives(page, "Mine", true);
    await expect.poll(atEnd).toBe(true);
  });

  it("[W51] counts as read only what was on screen in an open panel", async () => {
    const page = await open("state=talking");
    const reads = async () => (await asked(page)).filter(([verb]) => verb === "read").length;
    await page.evaluate(() => {
      window.widgetGallery.host.open.value = false;
      window.widgetGallery.session.unread.value = 2;
    });
    await arrives(page, "Unseen");
    expect(await reads()).toBe(0);
    expect(await told(page, "unread")).toEqual({ count: 2 });
    expect(await told(page, "labels")).toMatchObject({ unread: "Open chat, 2 unread messages" });
    await page.evaluate(() => {
      window.widgetGallery.host.open.value = true;
    });
    await expect.poll(reads).toBeGreaterThan(0);
  });

  it("[W52] says what was not sent and why, and sends it again when asked", async () => {
    const page = await open("state=failed");
    await page.getByText("That was a lot at once.").waitFor();
    await page.getByRole("button", { name: "Try again" }).click();
    expect((await asked(page)).at(-1)).toEqual(["retry", expect.stringMatching(/^m/)]);
  });

  it("[W33] shows hostile words as words", async () => {
    const page = await open("state=hostile");
    await page.getByText("<img src=x onerror=alert(1)>").first().waitFor();
    const inside = await page.evaluate(() =>
      [...document.querySelectorAll(".text *")].map((element) => [
        element.localName,
        element.getAttribute("href"),
        element.getAttribute("rel"),
        element.getAttribute("target"),
      ]),
    );
    const link = ["a", "https://ok.example/a_(b)", "noopener noreferrer nofollow", "_blank"];
    expect(inside).toEqual([link, link]);
  });

  it("[W53] says typing, then the words, and keeps the focus in the field", async () => {
    const page = await open("state=talking");
    await page.locator("#composer").focus();
    await page.keyboard.type("Hi");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    const verbs = (await asked(page)).filter(([verb]) => verb !== "read");
    expect(verbs).toEqual([
      ["typing", true],
      ["typing", true],
      ["typing", false],
      ["say", "Hi"],
    ]);
    expect(await focused(page)).toBe("composer");
    expect(await page.locator("#composer").inputValue()).toBe("");
  });
});

describe("leaving", () => {
  it("[W54] closes the panel with Escape and with its button", async () => {
    const page = await open("state=talking");
    await page.locator("#composer").focus();
    await page.keyboard.press("Escape");
    expect(await told(page, "close")).toEqual({ focusVisible: true });
    await show(page, "state=startHere");
    await page.getByRole("button", { name: "Minimise" }).click();
    expect(await told(page, "close")).toEqual({ focusVisible: false });
    await show(page, "state=talking");
    await page.getByRole("button", { name: "Minimise" }).press("Enter");
    expect(await told(page, "close")).toEqual({ focusVisible: true });
  });

  it("[W55] asks before it ends a chat; Escape means no and leaves the panel open", async () => {
    const page = await open("state=talking");
    await page.getByRole("button", { name: "End chat" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "End this chat?" }).waitFor();
    expect(await focused(page)).toBe("Keep chatting");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: "End this chat?" }).waitFor({ state: "detached" });
    expect(await focused(page)).toBe("end");
    expect(await told(page, "close")).toBeUndefined();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect((await asked(page)).filter(([verb]) => verb === "end")).toEqual([["end"]]);
  });

  it("[W56] lets one go on with a closed chat, or start a new one", async () => {
    const page = await open("state=closed");
    await page.getByText("The chat was ended by Anna Kowalska").waitFor();
    await page.getByPlaceholder("Write to go on with this chat").fill("One more thing");
    await page.keyboard.press("Enter");
    expect((await asked(page)).at(-1)).toEqual(["say", "One more thing"]);
    expect(await told(page, "chat")).toBe("");
    await page.getByRole("button", { name: "Start a new chat" }).focus();
    await page.keyboard.press("Enter");
    expect((await asked(page)).at(-1)).toEqual(["startNew"]);
    await page.evaluate(() => {
      window.widgetGallery.session.conversation.value = null;
      window.widgetGallery.session.timeline.value = [];
    });
    await page.waitForFunction(() => document.activeElement?.id === "message");
  });

  it("[W64] knows the name again when a new chat is started", async () => {
    const page = await open("state=closed");
    await page.evaluate(() => {
      const { conversation } = window.widgetGallery.session;
      conversation.value = { ...conversation.peek(), name: "Maria" } as never;
    });
    await page.getByRole("button", { name: "Start a new chat" }).click();
    await page.evaluate(() => {
      window.widgetGallery.session.conversation.value = null;
      window.widgetGallery.session.timeline.value = [];
    });
    await page.locator("#name").waitFor();
    expect(await page.locator("#name").inputValue()).toBe("Maria");
  });
});

describe("around the conversation", () => {
  it("[W57] says when the connection is gone and what happens to what one writes", async () => {
    const page = await open("state=talking");
    await page.evaluate(() => {
      window.widgetGallery.session.connection.value = "reconnecting";
    });
    expect(await page.locator(".banner").count()).toBe(0);
    await page.locator(".banner").filter({ hasText: "What you write is sent" }).waitFor();
    await page.getByRole("status").filter({ hasText: "Connection lost" }).waitFor();
    await page.evaluate(() => {
      window.widgetGallery.session.connection.value = "online";
    });
    await page.locator(".banner").waitFor({ state: "detached" });
  });

  it("[W70] offers to try at once after a while, and gives the focus back when it worked", async () => {
    const page = await open("state=talking");
    const now = page.getByRole("button", { name: "Try now" });
    const connection = (state: "reconnecting" | "offline" | "online") =>
      page.evaluate((next) => {
        window.widgetGallery.session.connection.value = next;
      }, state);
    await connection("reconnecting");
    await page.locator(".banner").waitFor();
    expect(await now.count()).toBe(0);
    await connection("offline");
    await now.waitFor();
    await now.focus();
    await page.keyboard.press("Enter");
    expect((await asked(page)).at(-1)).toEqual(["reconnect"]);
    await page.getByRole("button", { name: "Connecting" }).waitFor();
    await now.waitFor();
    await connection("online");
    await page.locator(".banner").waitFor({ state: "detached" });
    expect(await focused(page)).toBe("composer");
  });

  it("[W69] says of each message that isn't sent when nothing keeps it", async () => {
    const page = await open("state=unkept");
    await page.getByText("Lost if you reload").waitFor();
    expect(await page.getByText("Lost if you reload").count()).toBe(1);
    await show(page, "state=offline");
    await page.locator(".banner").waitFor();
    expect(await page.getByText("Lost if you reload").count()).toBe(0);
  });

  it("[W58] says in one sentence why there is no chat", async () => {
    const page = await open("state=refusedSite");
    await page.getByRole("alert").filter({ hasText: "not set up for this website" }).waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
    await show(page, "state=refusedSession");
    await page.getByRole("alert").filter({ hasText: "has to be loaded again" }).waitFor();
  });

  it("[W59] says honestly when nothing is kept", async () => {
    const page = await open("state=talking&kept=no");
    await page.getByText("This browser keeps nothing for this page").waitFor();
    await show(page, "state=talking");
    expect(await page.getByText("This browser keeps nothing").count()).toBe(0);
  });

  it("[W60] speaks the page's language, and another one as soon as asked", async () => {
    const page = await open("state=startHere&lang=pl-PL");
    await page.getByRole("heading", { name: "W czym możemy pomóc?" }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("pl");
    await page.evaluate(() => {
      window.widgetGallery.host.locale.value = "uk";
    });
    await page.getByRole("heading", { name: "Чим можемо допомогти?" }).waitFor();
    expect(await told(page, "labels")).toMatchObject({ open: "Відкрити чат" });
    await page.evaluate(() => {
      window.widgetGallery.host.locale.value = "xx";
    });
    await page.getByRole("heading", { name: "How can we help?" }).waitFor();
  });

  it("[W61] stands still for those who ask for it", async () => {
    const page = await open("state=typing");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await show(page, "state=typing");
    const moving = () =>
      page.evaluate(() =>
        document
          .getAnimations()
          .filter((each) => Number(each.effect?.getComputedTiming().duration) > 0)
          .map((each) => (each as CSSAnimation).animationName),
      );
    expect(await moving()).toEqual([]);
  });
});
