import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Agent } from "./agent.ts";
import type { Scene } from "./scene.ts";
import type { Said } from "./sqlTruth.ts";
import type { Visitor } from "./visitor.ts";

/** Slow machines may take this long for anything; what is there is seen at once. */
export const patience = { timeout: 20_000, interval: 50 };

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

  await visitor.composer.pressSequentially("The dent is");
  await agent.sees(`${name} is typing…`);
  await visitor.composer.fill("");
  await agent.composer.pressSequentially("Thank");
  await visitor.log.locator(".typing").waitFor();
  await agent.composer.fill("");
  await visitor.log.locator(".typing").waitFor({ state: "hidden" });
  await agent.notes(secret);
  await agent.sees(secret);

  await Promise.all([visitor.page.reload(), agent.page.reload()]);
  await say(rest.slice(3, 6));
  await goesOn();
  await say(rest.slice(6));
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
  await expect.poll(() => visitor.messages(), patience).toEqual(said);
  await expect.poll(() => agent.messages(), patience).toEqual(said);
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

/** Every mark on either side says that the other has read it. */
export async function expectAllRead(visitor: Visitor, agent: Agent): Promise<void> {
  const read = visitor.word("mark.read");
  const others = (marks: string[], all: string) => marks.filter((mark) => mark.trim() !== all);
  await expect.poll(async () => others(await visitor.marks(), read), patience).toEqual([]);
  await expect.poll(async () => others(await agent.marks(), "Read"), patience).toEqual([]);
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
