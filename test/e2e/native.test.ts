import { afterAll, beforeAll, describe, it } from "vitest";
import { expectAllRead, expectOneTruth, holdConversation } from "../support/conversation.ts";
import { playScene } from "../support/scene.ts";
import { nativeStores, type Stores } from "../support/stack.ts";

describe("a chat on native Redis and PostgreSQL", () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await nativeStores();
  });
  afterAll(() => stores.close());

  it("[J2] is the same on both screens and in SQL, through reloads and another page", () =>
    playScene({ stores }, async (scene) => {
      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      const visitor = await scene.visitor("Oksana");
      await visitor.visits(scene.shopUrl);
      await visitor.opensChat();
      const name = "Oksana Bondar";
      await holdConversation(visitor, agent, { name, otherPage: `${scene.shopUrl}tools.html` });
      await expectAllRead(visitor, agent);
      await visitor.ends();
      await agent.sees("The visitor ended the chat");
      await expectOneTruth(scene.stack, visitor, agent, { name });
    }));
});
