import { expect, it } from "vitest";
import { playScene } from "../support/scene.ts";
import { embeddedStores } from "../support/stack.ts";

const half = "I have ordered the wrong grind and";

it("[W62] what is half written survives reloads and other pages, also where the frame may store nothing", () =>
  playScene({ stores: embeddedStores }, async (scene) => {
    for (const options of [{}, { thirdPartyStorage: "blocked" as const }]) {
      const visitor = await scene.visitor("Oksana", options);
      await visitor.visits(scene.shopUrl);
      await visitor.opensChat();
      const message = visitor.chat.getByRole("textbox", { name: visitor.word("start.message") });
      await message.fill(half);
      await visitor.page.reload();
      await expect.poll(() => message.inputValue()).toBe(half);
      await visitor.follows("Brewing");
      await expect.poll(() => message.inputValue()).toBe(half);

      await visitor.starts({ text: "Hello" });
      await visitor.composer.fill(half);
      await visitor.page.reload();
      await expect.poll(() => visitor.composer.inputValue()).toBe(half);
    }
  }));
