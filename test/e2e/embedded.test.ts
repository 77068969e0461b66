import { expect, it } from "vitest";
import { expectAllRead, expectOneTruth, holdConversation } from "../support/conversation.ts";
import { playScene } from "../support/scene.ts";
import { embeddedStores } from "../support/stack.ts";

it("[J1] what `npm start` prints is all one needs for a chat, and SQL holds what both screens show", () =>
  playScene({ stores: embeddedStores, parley: { by: "npm" } }, async (scene) => {
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
  }));
