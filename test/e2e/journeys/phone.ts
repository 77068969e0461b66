import type { Frame, Page } from "playwright-core";
import { expect } from "vitest";
import { expectAllRead, expectOneTruth, holdConversation } from "../../support/conversation.ts";
import { retried } from "../../support/retried.ts";
import { type Journey, playScene } from "../../support/scene.ts";

const small = { viewport: { width: 360, height: 640 }, touch: true };

export const phone: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const agent = await scene.agent("Anna Nowak", small);
    await agent.goesOnline();
    const visitor = await scene.visitor("Oksana", small);
    await visitor.visits(scene.shopUrl);
    const closeChat = visitor.chat.getByRole("button", { name: visitor.word("header.close") });
    await visitor.page.evaluate(() => scrollTo(0, 40));
    const scrolled = () => visitor.page.evaluate(() => scrollY);
    const before = await scrolled();
    expect(before).toBeGreaterThan(0);
    await visitor.opensChat();
    await visitor.person.press(closeChat);
    await retried(async () => expect(await scrolled()).toBe(before));
    await visitor.opensChat();
    const name = "Oksana Bondar";
    await holdConversation(visitor, agent, {
      name,
      async goesOn() {
        // The chat fills the screen, so the shop is behind it.
        await visitor.person.press(closeChat);
        await visitor.follows("Brewing");
        await visitor.opensChat();
      },
    });

    const frame = visitor.page.locator("parley-widget iframe");
    expect(await frame.boundingBox()).toEqual({ x: 0, y: 0, width: 360, height: 640 });
    for (const page of [visitor.page, agent.page]) await expectNothingSticksOut(page);
    await expectAllRead(visitor, agent);

    // A phone's back leads from the chat to the list, not out of the console.
    await agent.page.goBack();
    await agent.row(name).waitFor();
    await agent.opens(name);

    await visitor.ends();
    await agent.sees("The visitor ended the chat");
    await expectOneTruth(scene, visitor, agent, { name });
  });

/** No page and no frame in it is wider than its window. */
async function expectNothingSticksOut(page: Page): Promise<void> {
  const measured = await Promise.all(
    page
      .frames()
      .map((frame: Frame) =>
        frame.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - innerWidth),
      ),
  );
  expect(measured.filter((pixels) => pixels > 0)).toEqual([]);
}
