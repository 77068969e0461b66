import {
  expectAllRead,
  expectMessages,
  expectOneTruth,
  tenMessages,
} from "../../support/conversation.ts";
import { type Journey, playScene } from "../../support/scene.ts";
import { atShop } from "./atShop.ts";

const name = "Oksana Bondar";

export const twoTabs: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const agent = await scene.agent("Anna Nowak");
    await agent.goesOnline();
    const first = await atShop(scene, "Oksana");
    const second = await scene.anotherTab(first);
    await second.visits(scene.shopUrl);
    await second.opensChat();

    const [opening, ...rest] = tenMessages;
    await first.page.bringToFront();
    await first.starts({ name, text: opening?.text ?? "" });
    await agent.opens(name);
    await second.sees(opening?.text ?? "");
    for (const [index, { by, text }] of rest.entries()) {
      const tab = index % 2 === 0 ? first : second;
      // Chromium draws what is behind another tab when it likes, and clicks there may miss.
      if (by === "visitor") await tab.page.bringToFront();
      await (by === "visitor" ? tab : agent).says(text);
      for (const screen of [first, second, agent]) await screen.sees(text);
    }
    await expectMessages(second, tenMessages);
    await expectAllRead(first, agent);
    await second.page.bringToFront();
    await second.ends();
    await first.chat.getByRole("button", { name: first.word("closed.again") }).waitFor();
    await agent.sees("The visitor ended the chat");
    await expectOneTruth(scene, first, agent, { name, notes: [] });
  });
