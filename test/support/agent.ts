import type { Locator, Page } from "playwright-core";
import type { Person } from "./chromium.ts";
import type { PrintedSignIn } from "./process.ts";
import type { Said } from "./sqlTruth.ts";
import { type ConsoleWords, consoleWords, type Language } from "./words.ts";

/** An agent at the console, told in what agents do and see. */
export type Agent = {
  readonly person: Person;
  readonly page: Page;
  readonly name: string;
  /** What the console calls something in the agent's language. */
  readonly word: ConsoleWords;
  /** The open conversation. */
  readonly log: Locator;
  readonly composer: Locator;
  signsIn(): Promise<void>;
  goesOnline(): Promise<void>;
  /** A chat's line in "My chats". */
  row(visitor: string): Locator;
  opens(visitor: string): Promise<void>;
  says(text: string): Promise<void>;
  notes(text: string): Promise<void>;
  transfers(queue: string, note: string): Promise<void>;
  closes(): Promise<void>;
  sees(text: string | RegExp): Promise<void>;
  messages(): Promise<Said[]>;
  /** How far the agent's own messages have got. */
  marks(): Promise<string[]>;
};

export function agentOn(
  person: Person,
  page: Page,
  account: PrintedSignIn,
  url: string,
  language: Language = "en",
): Agent {
  const word = consoleWords(language);
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const row = (visitor: string) =>
    page.getByRole("list", { name: word("list.mine") }).getByRole("link", { name: visitor });
  const log = page.getByRole("log");
  const composer = page.getByRole("textbox", {
    name: matching(word("composer.replyLabel", { name: anything })),
  });
  const mode = (name: string) =>
    page.getByRole("group", { name: word("composer.mode") }).getByRole("button", { name });
  const presence = (status: string) => button(matching(`${word("account.status")}: ${status}`));

  return {
    person,
    page,
    name: account.name,
    word,
    log,
    composer,
    row,
    async signsIn() {
      await page.goto(url);
      await page.getByRole("textbox", { name: word("signin.email") }).fill(account.email);
      await page.getByLabel(word("signin.password"), { exact: true }).fill(account.password);
      await person.press(button(word("signin.submit")));
      await page.getByRole("navigation", { name: word("nav.label") }).waitFor();
    },
    async goesOnline() {
      await person.press(presence(word("status.away")));
      await presence(word("status.online")).waitFor();
    },
    async opens(visitor) {
      await person.press(row(visitor));
      await page.getByRole("heading", { name: visitor }).first().waitFor();
    },
    async says(text) {
      await composer.fill(text);
      await person.press(button(word("composer.send")));
    },
    async notes(text) {
      await person.press(mode(word("composer.note")));
      await page.getByRole("textbox", { name: word("composer.noteLabel") }).fill(text);
      await person.press(button(word("composer.addNote")));
      await person.press(mode(word("composer.reply")));
    },
    async transfers(queue, note) {
      await person.press(button(word("thread.transfer")));
      const dialog = page.getByRole("dialog", { name: word("transfer.title") });
      await dialog.getByRole("radio", { name: queue }).check();
      await dialog.getByRole("textbox", { name: word("transfer.note") }).fill(note);
      await person.press(dialog.getByRole("button", { name: word("transfer.submit") }));
      await dialog.waitFor({ state: "hidden" });
    },
    async closes() {
      await person.press(button(word("thread.close")));
      const question = page.getByRole("dialog", { name: word("close.title") });
      const closed = page.getByText(word("composer.closedAgent"));
      await question.or(closed).first().waitFor();
      if (await question.isVisible())
        await person.press(question.getByRole("button", { name: word("close.confirm") }));
      await closed.first().waitFor();
    },
    sees: (text) => log.getByText(text).first().waitFor(),
    messages: () =>
      log.locator(".message").evaluateAll((items) =>
        items.map((item) => ({
          by: item.closest(".theirs") ? ("visitor" as const) : ("agent" as const),
          text: item.querySelector(".bubble")?.textContent ?? "",
        })),
      ),
    marks: () => log.locator(".mark .hidden").allTextContents(),
  };
}

const anything = "\0";

/** A whole name in which `anything` stands for what isn't known here. */
function matching(name: string): RegExp {
  const parts = name.split(anything).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".+")}$`);
}
