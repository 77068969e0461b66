import { afterAll, beforeAll, expect, it } from "vitest";
import { minutes } from "#shared/model/time.ts";
import { expectAllRead, expectOneTruth, patience } from "../support/conversation.ts";
import { type NoSockets, startNoSockets } from "../support/noSockets.ts";
import { playScene } from "../support/scene.ts";
import type { Said } from "../support/sqlTruth.ts";
import { nativeStores, type Stores } from "../support/stack.ts";

let stores: Stores;
let network: NoSockets;
beforeAll(async () => {
  stores = await nativeStores();
  // The visitor's network lets no WebSocket through; the agent, who has a cookie, sits elsewhere.
  network = await startNoSockets(({ headers }) => headers.cookie === undefined);
});
afterAll(async () => {
  await network.close();
  await stores.close();
});

it(
  "[J14] is the same chat where the network blocks WebSockets: ten messages each way, a reload, the end",
  () =>
    playScene({ stores, chromium: { hosts: { localhost: network.port } } }, async (scene) => {
      const name = "Marek Zieliński";
      const agent = await scene.agent("Anna Nowak");
      await agent.goesOnline();
      const visitor = await scene.visitor("Marek");
      visitor.person.expects(/WebSocket connection to .* failed/);
      await visitor.visits(scene.shopUrl);
      await visitor.opensChat();

      const said: Said[] = [];
      await visitor.starts({ name, text: "Question 1" });
      said.push({ by: "visitor", text: "Question 1" });
      await agent.opens(name);
      for (let i = 1; i <= 10; i++) {
        await agent.sees(`Question ${i}`);
        await agent.says(`Answer ${i}`);
        said.push({ by: "agent", text: `Answer ${i}` });
        await visitor.sees(`Answer ${i}`);
        if (i === 5) {
          await visitor.page.reload();
          await visitor.launcher.waitFor();
          await expect.poll(() => visitor.messages(), patience).toEqual(said);
        }
        if (i === 10) break;
        await visitor.says(`Question ${i + 1}`);
        said.push({ by: "visitor", text: `Question ${i + 1}` });
      }
      expect(network.refused()).toBeGreaterThan(1);
      await expect.poll(() => visitor.messages(), patience).toEqual(said);
      await expectAllRead(visitor, agent);
      await visitor.ends();
      await agent.sees("The visitor ended the chat");
      await expectOneTruth(scene, visitor, agent, { name, said, notes: [] });
    }),
  minutes(2),
);
