import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { secret } from "../../support/conversation.ts";
import { retried } from "../../support/retried.ts";
import { type Journey, playScene } from "../../support/scene.ts";

export const keyboard: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const agent = await scene.agent("Anna Nowak");
    const atAgent = keyboardOf(agent.page);
    // Nothing can be done about a state that isn't known yet.
    await agent.page.getByRole("button", { name: /^Status: Away/ }).waitFor();
    await atAgent.press("Control+k");
    await atAgent.type("Go online", "Enter");
    await agent.page.getByRole("button", { name: /^Status: Online/ }).waitFor();

    const visitor = await scene.visitor("Oksana");
    const atVisitor = keyboardOf(visitor.page);
    await visitor.visits(scene.shopUrl);
    await atVisitor.tabTo(visitor.launcher);
    await atVisitor.press("Enter");
    await expectFocus(visitor.chat.getByRole("textbox", { name: visitor.word("start.message") }));
    await atVisitor.type("Is there anybody?");
    await atVisitor.press("Shift+Tab");
    await atVisitor.type("Oksana Bondar");
    await atVisitor.press("Tab", "Enter");
    await expectFocus(visitor.composer);

    await agent.row("Oksana Bondar").waitFor();
    await atAgent.press("j");
    await expectFocus(agent.row("Oksana Bondar"));
    await atAgent.press("Enter");
    await expectFocus(agent.composer);
    await atAgent.type("There is. How can I help?", "Enter");
    await visitor.sees("There is. How can I help?");
    await atVisitor.type("One line,", "Shift+Enter");
    await atVisitor.type("another line.", "Enter");
    await agent.sees(/One line,\s+another line\./);
    await atAgent.press("Escape", "n");
    await expectFocus(agent.page.getByRole("textbox", { name: "Note for your team" }));
    await atAgent.type(secret, "Enter");
    await agent.sees(secret);
    await atAgent.press("Escape", "r");
    await expectFocus(agent.composer);
    await atAgent.type("/bye", "Enter");
    await retried(async () =>
      expect(await agent.composer.inputValue()).toMatch(/^Thank you for writing/),
    );
    await atAgent.press("Enter");
    await visitor.sees("Thank you for writing to us. Have a good day.");

    await atVisitor.tabTo(visitor.chat.getByRole("button", { name: visitor.word("header.end") }), {
      backwards: true,
    });
    await atVisitor.press("Enter");
    const question = visitor.chat.getByRole("dialog", { name: visitor.word("end.question") });
    await atVisitor.tabTo(question.getByRole("button", { name: visitor.word("end.confirm") }));
    await atVisitor.press("Enter");
    await expectFocus(visitor.composer);
    await agent.sees("The visitor ended the chat");
    await atVisitor.press("Escape");
    await expectFocus(visitor.launcher);

    const truth = await scene.truth();
    expect(await truth.messages("Oksana Bondar")).toEqual([
      { by: "visitor", text: "Is there anybody?" },
      { by: "agent", text: "There is. How can I help?" },
      { by: "visitor", text: "One line,\nanother line." },
      { by: "agent", text: "Thank you for writing to us. Have a good day." },
    ]);
    expect(await truth.notes("Oksana Bondar")).toEqual([secret]);
    expect(await truth.faults()).toEqual([]);
  });

function keyboardOf({ keyboard }: Page) {
  const press = async (...keys: string[]) => {
    for (const key of keys) await keyboard.press(key);
  };
  return {
    press,
    async type(text: string, ...after: string[]) {
      await keyboard.type(text);
      await press(...after);
    },
    /** As often as somebody would before giving up. */
    async tabTo(target: Locator, { backwards = false } = {}) {
      for (let presses = 0; presses < 60; presses += 1) {
        if (await hasFocus(target)) return;
        await press(backwards ? "Shift+Tab" : "Tab");
      }
      expect.fail(`Tab never reached ${target}`);
    },
  };
}

/** In its own document or shadow root, which is as far as an element can know. */
const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => {
    const root = element.getRootNode();
    return (
      (root instanceof Document || root instanceof ShadowRoot) && root.activeElement === element
    );
  });

const expectFocus = (target: Locator): Promise<void> =>
  retried(async () => expect(await hasFocus(target)).toBe(true));
