import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  expectAllRead,
  expectOneTruth,
  holdConversation,
  patience,
  secret,
  tenMessages,
} from "../support/conversation.ts";
import { playScene, type Scene } from "../support/scene.ts";
import { nativeStores, type Stores } from "../support/stack.ts";
import type { Visitor } from "../support/visitor.ts";

const name = "Oksana Bondar";

describe("chats on native Redis and PostgreSQL", () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await nativeStores();
  });
  afterAll(() => stores.close());

  it("[J2] a chat is the same on both screens and in SQL, through reloads and another page", () =>
    playScene({ stores }, async (scene) => {
      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      const visitor = await atShop(scene, "Oksana");
      await holdConversation(visitor, agent, { name, goesOn: () => visitor.follows("Brewing") });
      await expectAllRead(visitor, agent);
      await visitor.ends();
      await agent.sees("The visitor ended the chat");
      await expectOneTruth(scene, visitor, agent, { name });
    }));

  it("[J9] a visitor's two tabs stay in step, whichever one they write in", () =>
    playScene({ stores }, async (scene) => {
      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      const first = await atShop(scene, "Oksana");
      const second = await scene.anotherTab(first);
      await second.visits(scene.shopUrl);
      await second.opensChat();

      const [opening, ...rest] = tenMessages;
      await first.starts({ name, text: opening?.text ?? "" });
      await agent.opens(name);
      await second.sees(opening?.text ?? "");
      for (const [index, { by, text }] of rest.entries()) {
        const tab = index % 2 === 0 ? first : second;
        await (by === "visitor" ? tab : agent).says(text);
        for (const screen of [first, second, agent]) await screen.sees(text);
      }
      await expect.poll(() => second.messages(), patience).toEqual(tenMessages);
      await second.ends();
      await first.chat.getByRole("button", { name: first.word("closed.again") }).waitFor();
      await agent.sees("The visitor ended the chat");
      await expectOneTruth(scene, first, agent, { name, notes: [] });
    }));

  it("[J10] what is written while nobody is online waits for the first agent who comes", () =>
    playScene({ stores }, async (scene) => {
      const visitor = await atShop(scene, "Oksana");
      await visitor.sees(visitor.word("presence.away"));
      const [opening, answer] = tenMessages;
      await visitor.starts({ name, text: opening?.text ?? "" });
      await visitor.sees(visitor.word("line.unattended"));
      await visitor.says("I will wait.");
      const marks = async () => [...new Set(await visitor.marks())];
      await expect.poll(marks, patience).toEqual([visitor.word("mark.sent")]);

      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      await visitor.sees(visitor.word("line.joined", { name: agent.name }));
      await agent.opens(name);
      await agent.says(answer?.text ?? "");
      await visitor.sees(answer?.text ?? "");
      const said = [opening, { by: "visitor", text: "I will wait." }, answer] as typeof tenMessages;
      await agent.closes();
      await visitor.sees(visitor.word("line.closedByAgent", { name: agent.name }));
      await expectOneTruth(scene, visitor, agent, { name, said, notes: [] });
    }));

  it("[J11] a transfer hands the chat and a note to a colleague, unseen by the visitor", () =>
    playScene({ stores }, async (scene) => {
      const anna = await scene.agent("Anna Nowak");
      const iryna = await scene.agent("Iryna Kovalenko");
      await anna.goesOnline();
      await iryna.goesOnline();
      const visitor = await atShop(scene, "Oksana");
      const [opening, first, second] = tenMessages;
      await visitor.starts({ name, text: opening?.text ?? "" });
      await anna.opens(name);
      await anna.says(first?.text ?? "");
      await visitor.sees(first?.text ?? "");
      await anna.transfers("Specialists", secret);
      await visitor.sees(visitor.word("line.transferred", { queue: "Specialists" }));
      await visitor.sees(visitor.word("line.joined", { name: iryna.name }));
      await anna.page.getByText(`${iryna.name} answers this chat.`).waitFor();

      await iryna.opens(name);
      await iryna.sees(secret);
      await iryna.says(second?.text ?? "");
      await visitor.sees(second?.text ?? "");
      await visitor.ends();
      await iryna.sees("The visitor ended the chat");
      const said = tenMessages.slice(0, 3);
      await expect.poll(() => anna.messages(), patience).toEqual(said);
      await expectOneTruth(scene, visitor, iryna, { name, said });
    }));

  it("[J12] an agent never holds more than four chats; who is fifth waits and sees their place", () =>
    playScene({ stores }, async (scene) => {
      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      const crowd: Visitor[] = [];
      for (const who of ["Ada", "Boris", "Celina", "Danylo", "Ewa", "Fedir"]) {
        const visitor = await atShop(scene, who);
        await visitor.starts({ name: who, text: `${who} here` });
        crowd.push(visitor);
      }
      const [ada, , , , ewa, fedir] = crowd as [
        Visitor,
        Visitor,
        Visitor,
        Visitor,
        Visitor,
        Visitor,
      ];
      for (const { person } of crowd.slice(0, 4)) await agent.row(person.name).waitFor();
      await agent.page.getByText("4 of 4 chats").waitFor();
      await ewa.sees(ewa.word("waiting.next"));
      await fedir.sees(fedir.word("waiting.position", { position: 2 }));
      expect(await agent.row("Ewa").count()).toBe(0);

      await agent.opens("Ada");
      await agent.says("Hello Ada");
      await ada.sees("Hello Ada");
      await agent.closes();
      await agent.row("Ewa").waitFor();
      await ewa.sees(ewa.word("line.joined", { name: agent.name }));
      await fedir.sees(fedir.word("waiting.next"));
      await agent.page.getByText("4 of 4 chats").waitFor();

      const truth = await scene.truth();
      expect(await truth.busiest(agent.name)).toBe(4);
      expect(await truth.status("Fedir")).toBe("queued");
      expect(await truth.faults()).toEqual([]);
    }));
});

async function atShop(scene: Scene, who: string): Promise<Visitor> {
  const visitor = await scene.visitor(who);
  await visitor.visits(scene.shopUrl);
  await visitor.opensChat();
  return visitor;
}
