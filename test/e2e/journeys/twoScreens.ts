import { expectAllRead, expectOneTruth, holdConversation } from "../../support/conversation.ts";
import { type Journey, playScene } from "../../support/scene.ts";
import { atShop } from "./atShop.ts";

const name = "Oksana Bondar";

export const twoScreens: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const agent = await scene.agent("Anna Nowak");
    await agent.goesOnline();
    const visitor = await atShop(scene, "Oksana");
    await holdConversation(visitor, agent, { name, goesOn: () => visitor.follows("Brewing") });
    await expectAllRead(visitor, agent);
    await visitor.ends();
    await agent.sees("The visitor ended the chat");
    await expectOneTruth(scene, visitor, agent, { name });
  });
