import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Agent } from "./agent.ts";
import { retried } from "./retried.ts";
import type { Scene } from "./scene.ts";
import type { Said } from "./sqlTruth.ts";
import type { Visitor } from "./visitor.ts";

export { patience } from "./retried.ts";

/** Clients say that somebody types every few seconds, and no more often. */
const typedAgainMs = 1_000;

const visitorSays = (text: string): Said => ({ by: "visitor", text });
const agentSays = (text: string): Said => ({ by: "agent", text });

export const tenMessages: readonly Said[] = [
  visitorSays("Hello, my watering can arrived with a dent."),
  agentSays("Good morning. I am sorry to hear that."),
  agentSays("Could you tell me your order number?"),
  visitorSays("It is 4711-B."),
  visitorSays("The dent is near the spout, it still holds water <b>though</b> & looks bad."),
  agentSays("Thank you. I can send you a new one."),
  visitorSays("Yes, please 🌱"),
  agentSays("It leaves us today."),
  visitorSays("Do I have to send the old one back?"),
  agentSays("No, please keep it."),
];

/** What only colleagues may read; looked for wherever the visitor's browser could have it. */
export const secret = "internal: second damaged can this week, tell the packers";

/**
 * The conversation every journey holds, with both pages reloaded in the middle, another page of the
 * site visited (which is what `goesOn` does), both seen typing, and a note between colleagues. The agent is online already.
 */
export async function holdConversation(
  visitor: Visitor,
  agent: Agent,
  { name, goesOn }: { name: string; goesOn: () => Promise<void> },
): Promise<void> {
  const [opening, ...rest] = tenMessages;
  await visitor.starts({ name, text: opening?.text ?? "" });
  await agent.opens(name);
  await agent.sees(opening?.text ?? "");
  const say = async (messages: readonly Said[]) => {
    for (const { by, text } of messages) {
      const [from, to] = by === "visitor" ? [visitor, agent] : [agent, visitor];
      await from.says(text);
      await to.sees(text);
    }
  };
  await say(rest.slice(0, 3));

  await typesUntil(visitor.composer, agent.log.getByText(`${name} is typing…`));
  const dots = visitor.log.locator(".typing");
  await typesUntil(agent.composer, dots);
  await dots.waitFor({ state: "hidden" });
  await agent.notes(secret);
  await agent.sees(secret);

  await Promise.all([visitor.page.reload(), agent.page.reload()]);
  await say(rest.slice(3, 6));
  await goesOn();
  await say(rest.slice(6));
}

/** Types on until the other side sees it: the word that somebody types may get lost, the next one comes. */
async function typesUntil(composer: Locator, seen: Locator): Promise<void> {
  await composer.pressSequentially("The dent");
  await retried(async () => {
    await composer.pressSequentially(".");
    await seen.first().waitFor({ timeout: typedAgainMs });
  });
  await composer.fill("");
}

/** Both screens show just this, and SQL holds just this; the note is where it belongs and nowhere else. */
export async function expectOneTruth(
  scene: Scene,
  visitor: Visitor,
  agent: Agent,
  {
    name,
    said = tenMessages,
    notes = [secret],
  }: { name: string; said?: readonly Said[]; notes?: readonly string[] },
): Promise<void> {
  await expectMessages(visitor, said);
  await expectMessages(agent, said);
  expect(visitor.person.received.join("\n")).toContain(
    JSON.stringify(said.at(-1)?.text).slice(1, -1),
  );
  for (const note of notes) {
    expect(visitor.person.received.join("\n")).not.toContain(note);
    expect(await everythingIn(visitor.page)).not.toContain(note);
    await agent.sees(note);
  }
  const truth = await scene.truth();
  expect(await truth.messages(name)).toEqual(said);
  expect(await truth.notes(name)).toEqual(notes);
  expect(await truth.conversations(name)).toBe(1);
  expect(await truth.faults()).toEqual([]);
}

/** A screen comes to show just these messages. */
export const expectMessages = (
  screen: Pick<Visitor | Agent, "messages">,
  said: readonly Said[],
): Promise<void> => retried(async () => expect(await screen.messages()).toEqual(said));

/** Every mark on either side says that the other has read it. */
export async function expectAllRead(visitor: Visitor, agent: Agent): Promise<void> {
  const read = visitor.word("mark.read");
  const others = (marks: string[], all: string) => marks.filter((mark) => mark.trim() !== all);
  await retried(async () => expect(others(await visitor.marks(), read)).toEqual([]));
  await retried(async () => expect(others(await agent.marks(), "Read")).toEqual([]));
  expect((await visitor.marks()).length).toBeGreaterThan(0);
  expect((await agent.marks()).length).toBeGreaterThan(0);
}

/** The markup of a page with all its frames and shadow roots, and what it has stored. */
async function everythingIn(page: Page): Promise<string> {
  const parts = page.frames().map((frame) =>
    frame.evaluate(() => {
      const markup: string[] = [];
      const read = (root: Document | ShadowRoot) => {
        markup.push(root instanceof Document ? root.documentElement.outerHTML : root.innerHTML);
        for (const element of root.querySelectorAll("*")) {
          if (element.shadowRoot) read(element.shadowRoot);
        }
      };
      read(document);
      return markup.join("\n");
    }),
  );
  return (await Promise.all(parts)).join("\n");
}
