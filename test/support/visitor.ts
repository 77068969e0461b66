import type { FrameLocator, Locator, Page } from "playwright-core";
import type { Person } from "./chromium.ts";
import type { Said } from "./sqlTruth.ts";
import { type Language, type WidgetWords, widgetWords } from "./words.ts";

/** A visitor's browser tab with the shop and the chat in it, told in what visitors do and see. */
export type Visitor = {
  readonly person: Person;
  readonly page: Page;
  readonly chat: FrameLocator;
  /** The launcher on the page, whatever it is called at the moment. */
  readonly launcher: Locator;
  readonly log: Locator;
  readonly composer: Locator;
  /** What the widget calls something in the visitor's language. */
  word: WidgetWords;
  visits(url: string): Promise<void>;
  opensChat(): Promise<void>;
  /** Follows a link of the page the chat stands on. */
  follows(link: string): Promise<void>;
  starts(chat: { name?: string; text: string }): Promise<void>;
  says(text: string): Promise<void>;
  /** Waits until this stands somewhere in the chat. */
  sees(text: string | RegExp): Promise<void>;
  /** The messages on screen, top to bottom. */
  messages(): Promise<Said[]>;
  /** How far the visitor's own messages have got, as their marks say it. */
  marks(): Promise<string[]>;
  ends(): Promise<void>;
};

export function visitorOn(person: Person, page: Page, language: Language = "en"): Visitor {
  const word = widgetWords(language);
  const chat = page.frameLocator("parley-widget iframe");
  const log = chat.getByRole("log", { name: word("log.label") });
  const composer = chat.getByRole("textbox", { name: word("composer.label") });
  const launcher = page.locator("parley-widget button[aria-expanded]");

  return {
    person,
    page,
    chat,
    launcher,
    log,
    composer,
    word,
    async visits(url) {
      await page.goto(url);
      await launcher.waitFor();
    },
    opensChat: () => person.press(launcher),
    async follows(link) {
      const target = page.getByRole("link", { name: link, exact: true }).first();
      await target.waitFor();
      const address = await target.evaluate((anchor) => (anchor as HTMLAnchorElement).href);
      await person.press(target);
      await page.waitForURL(address);
      await launcher.waitFor();
    },
    async starts({ name, text }) {
      if (name) await chat.getByRole("textbox", { name: word("start.name") }).fill(name);
      await chat.getByRole("textbox", { name: word("start.message") }).fill(text);
      const start = [word("start.send"), word("start.leave")].map((label) =>
        chat.getByRole("button", { name: label }),
      ) as [Locator, Locator];
      await person.press(start[0].or(start[1]));
      await log.getByText(text, { exact: true }).waitFor();
    },
    async says(text) {
      await composer.fill(text);
      await person.press(chat.getByRole("button", { name: word("composer.send") }));
    },
    sees: (text) => chat.getByText(text).first().waitFor(),
    messages: () =>
      log.locator("li.message").evaluateAll((items) =>
        items.map((item) => ({
          by: item.classList.contains("mine") ? ("visitor" as const) : ("agent" as const),
          text: item.querySelector(".bubble")?.textContent ?? "",
        })),
      ),
    marks: () => log.locator(".mark").allInnerTexts(),
    async ends() {
      await person.press(chat.getByRole("button", { name: word("header.end") }));
      const question = chat.getByRole("dialog", { name: word("end.question") });
      await person.press(question.getByRole("button", { name: word("end.confirm") }));
      await chat.getByRole("button", { name: word("closed.again") }).waitFor();
    },
  };
}
