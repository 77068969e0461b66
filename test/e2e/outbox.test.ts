import { expect, it } from "vitest";
import { minutes } from "#shared/model/time.ts";
import { patience } from "../support/conversation.ts";
import { playScene } from "../support/scene.ts";
import { embeddedStores } from "../support/stack.ts";
import type { Visitor } from "../support/visitor.ts";

const text = "Hello from the train.";

/** A network that always lets pages through, and what the chat needs only when it is told to. */
async function networkOf({ person }: Visitor) {
  const network = { works: false };
  person.expects(/ERR_FAILED/);
  await person.context.routeWebSocket(/socket\.io/, (socket) => {
    if (network.works) socket.connectToServer();
    else void socket.close();
  });
  await person.context.route(/\/(api\/visitor|health)\//, (route) =>
    network.works ? route.continue() : route.abort(),
  );
  return network;
}

it(
  "[W68] what isn't sent survives a reload where the frame may store nothing, and is sent once",
  () =>
    playScene({ stores: embeddedStores }, async (scene) => {
      const visitor = await scene.visitor("Oksana", { thirdPartyStorage: "blocked" });
      const network = await networkOf(visitor);
      await visitor.visits(scene.shopUrl);
      await visitor.opensChat();
      await visitor.starts({ text });
      await visitor.chat.getByRole("button", { name: visitor.word("connection.now") }).waitFor();
      expect(await visitor.marks()).toEqual([visitor.word("mark.queued")]);
      expect(await visitor.chat.getByText(visitor.word("mark.unkept")).count()).toBe(0);

      await visitor.page.reload();
      await visitor.sees(text);
      expect(await visitor.marks()).toEqual([visitor.word("mark.queued")]);
      await visitor.composer.fill("Is anybody there?");
      await visitor.composer.press("Enter");

      network.works = true;
      await expect
        .poll(() => visitor.marks(), patience)
        .not.toContainEqual(visitor.word("mark.queued"));
      const said = [
        { by: "visitor", text },
        { by: "visitor", text: "Is anybody there?" },
      ];
      expect(await visitor.messages()).toEqual(said);
      const left = () =>
        Object.entries({ ...sessionStorage }).filter(([key]) => /outbox/.test(key));
      expect(await visitor.page.evaluate(left)).toEqual([[expect.any(String), ""]]);
      await visitor.page.reload();
      await visitor.sees(text);
      expect(await visitor.messages()).toEqual(said);
    }),
  minutes(2),
);

it(
  "[W69] says of a message that nothing keeps that a reload loses it, and sends it when it can",
  () =>
    playScene({ stores: embeddedStores }, async (scene) => {
      const visitor = await scene.visitor("Oksana", { thirdPartyStorage: "blocked" });
      await visitor.person.context.addInitScript(() => {
        for (const area of ["localStorage", "sessionStorage"]) {
          Object.defineProperty(window, area, {
            get() {
              throw new DOMException("denied", "SecurityError");
            },
          });
        }
      });
      const network = await networkOf(visitor);
      await visitor.visits(scene.shopUrl);
      await visitor.opensChat();
      await visitor.starts({ text });
      await visitor.sees(visitor.word("mark.unkept"));
      const now = visitor.chat.getByRole("button", { name: visitor.word("connection.now") });
      await now.waitFor();
      network.works = true;
      await visitor.person.press(now);
      await visitor.chat.getByText(visitor.word("mark.unkept")).waitFor({ state: "detached" });
      expect(await visitor.messages()).toEqual([{ by: "visitor", text }]);
    }),
  minutes(2),
);
