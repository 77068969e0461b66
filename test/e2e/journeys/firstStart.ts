import { expect } from "vitest";
import { expectAllRead, expectOneTruth, holdConversation } from "../../support/conversation.ts";
import { type Journey, playScene } from "../../support/scene.ts";

export const firstStart: Journey = (stage) =>
  playScene({ ...stage, parley: { by: "npm" } }, async (scene) => {
    const agent = await scene.agent("Anna Nowak");
    await agent.goesOnline();
    const visitor = await scene.visitor("Oksana");
    await visitor.visits(scene.shopUrl);
    await visitor.opensChat();
    const name = "Oksana Bondar";
    const { hostname } = new URL(scene.shopUrl);
    await holdConversation(visitor, agent, { name, goesOn: () => visitor.follows("Brewing") });

    // Truly cross-site, as on a customer's page: two host names, one of them in a frame.
    const frame = visitor.page.frames().find((one) => one !== visitor.page.mainFrame());
    expect([hostname, new URL(frame?.url() ?? "").hostname]).toEqual(["127.0.0.1", "localhost"]);
    await expectAllRead(visitor, agent);
    await visitor.ends();
    await agent.sees("The visitor ended the chat");
    await expectOneTruth(scene, visitor, agent, { name });
  });
