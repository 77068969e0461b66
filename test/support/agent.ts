import type { Locator, Page } from "playwright-core";
import type { Person } from "./chromium.ts";
import type { PrintedSignIn } from "./process.ts";
import type { Said } from "./sqlTruth.ts";

/** An agent at the console, told in what agents do and see. */
export type Agent = {
  readonly person: Person;
  readonly page: Page;
  readonly name: string;
  /** The open conversation. */
  readonly log: Locator;
  readonly composer: Locator;
  signsIn(): Promise<void>;
  goesOnline(): Promise<void>;
  goesAway(): Promise<void>;
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

export function agentOn(person: Person, page: Page, account: PrintedSignIn, url: string): Agent {
  const log = page.getByRole("log");
  const composer = page.getByRole("textbox", { name: /^Reply to / });
  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const row = (visitor: string) =>
    page.getByRole("list", { name: "My chats" }).getByRole("link", { name: visitor });
  const mode = (name: string) =>
    page.getByRole("group", { name: "What you write" }).getByRole("button", { name });
  const presence = (status: string) => button(new RegExp(`^Status: ${status}`));

  return {
    person,
    page,
    name: account.name,
    log,
    composer,
    row,
    async signsIn() {
      await page.goto(url);
      await page.getByRole("textbox", { name: "Email" }).fill(account.email);
      await page.getByLabel("Password", { exact: true }).fill(account.password);
      await person.press(button("Sign in"));
      await page.getByRole("navigation", { name: "Main" }).waitFor();
    },
    async goesOnline() {
      await person.press(presence("Away"));
      await presence("Online").waitFor();
    },
    async goesAway() {
      await person.press(presence("Online"));
      await presence("Away").waitFor();
    },
    async opens(visitor) {
      await person.press(row(visitor));
      await page.getByRole("heading", { name: visitor }).first().waitFor();
    },
    async says(text) {
      await composer.fill(text);
      await person.press(button("Send"));
    },
    async notes(text) {
      await person.press(mode("Note"));
      await page.getByRole("textbox", { name: "Note for your team" }).fill(text);
      await person.press(button("Add note"));
      await person.press(mode("Reply"));
    },
    async transfers(queue, note) {
      await person.press(button("Transfer"));
      const dialog = page.getByRole("dialog", { name: "Transfer chat" });
      await dialog.getByRole("radio", { name: queue }).check();
      await dialog.getByRole("textbox", { name: /^Note for the next agent/ }).fill(note);
      await person.press(dialog.getByRole("button", { name: "Transfer chat" }));
      await dialog.waitFor({ state: "hidden" });
    },
    async closes() {
      await person.press(button("Close chat"));
      const question = page.getByRole("dialog", { name: "Close this chat?" });
      const closed = page.getByText("The chat is closed.");
      await question.or(closed).first().waitFor();
      if (await question.isVisible())
        await person.press(question.getByRole("button", { name: "Close chat" }));
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
