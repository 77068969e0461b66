import { setTimeout as passing } from "node:timers/promises";
import type { Frame, Page } from "playwright-core";
import { expect } from "vitest";
import type { Millis } from "#shared/model/time.ts";
import { expectAllRead, expectMessages, expectOneTruth } from "../../support/conversation.ts";
import { retried } from "../../support/retried.ts";
import { type Journey, playScene } from "../../support/scene.ts";
import type { Said } from "../../support/sqlTruth.ts";

const slow = {
  offline: false,
  latency: 400,
  downloadThroughput: 50_000 / 8,
  uploadThroughput: 50_000 / 8,
};
const none = { ...slow, offline: true };

/** A slow network, and none for a while. */
export const slowNetwork =
  (silence: Millis): Journey =>
  (stage) =>
    playScene(stage, async (scene) => {
      const name = "Oksana Bondar";
      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      const visitor = await scene.visitor("Oksana");
      visitor.person.expects(/ERR_INTERNET_DISCONNECTED/);
      await visitor.visits(scene.shopUrl);
      await visitor.opensChat();
      await visitor.chat.getByRole("textbox", { name: visitor.word("start.message") }).waitFor();
      const network = await networkOf(visitor.page);
      await network(slow);
      await (await networkOf(agent.page))(slow);

      const said: Said[] = [];
      const visitorSays = async (text: string) => {
        await visitor.says(text);
        said.push({ by: "visitor", text });
      };
      const agentSays = async (text: string) => {
        await agent.says(text);
        said.push({ by: "agent", text });
      };
      said.push({ by: "visitor", text: "Hello from the train." });
      await visitor.starts({ name, text: "Hello from the train." });
      await agent.opens(name);
      await agentSays("Good morning. What can I do for you?");
      await visitor.sees("Good morning. What can I do for you?");
      await visitorSays("My order has not come.");
      await agent.sees("My order has not come.");

      await network(none);
      await visitor.sees(visitor.word("connection.offline"));
      await agentSays("Let me look.");
      await agentSays("It left us yesterday.");
      await visitorSays("We are in a tunnel, I think.");
      await visitorSays("Are you still there?");
      const waiting = visitor.word("mark.queued");
      await retried(async () => expect(await visitor.marks()).toContain(waiting));
      // The length of the silence is what is tried: nothing happens that one could wait for.
      await passing(silence);
      expect(await agent.messages()).toEqual(said.slice(0, 5));
      await network(slow);
      await agent.sees("Are you still there?");
      await visitor.sees("It left us yesterday.");
      await agentSays("I am.");
      await visitor.sees("I am.");
      await visitorSays("And here comes the parcel. Thank you.");
      await agent.sees("And here comes the parcel. Thank you.");
      await agentSays("You are welcome.");

      await expectMessages(visitor, said);
      await expectAllRead(visitor, agent);
      await visitor.ends();
      await agent.sees("The visitor ended the chat");
      await expectOneTruth(scene, visitor, agent, { name, said, notes: [] });
    });

type Network = typeof slow;

/**
 * Answers how to change a page's network. Frames of other sites have one of their own, and what one
 * debugging session has set another can't take back, so each frame keeps its session.
 */
async function networkOf(page: Page): Promise<(network: Network) => Promise<void>> {
  const site = (frame: Frame) => new URL(frame.url()).host;
  const separate = page
    .frames()
    .filter((frame) => frame === page.mainFrame() || site(frame) !== site(page.mainFrame()));
  const sessions = await Promise.all(separate.map((frame) => page.context().newCDPSession(frame)));
  for (const session of sessions) await session.send("Network.enable");
  return async (network) => {
    for (const session of sessions) {
      await session.send("Network.emulateNetworkConditions", network);
    }
  };
}
