import { expect } from "vitest";
import { expectAllRead, expectOneTruth, tenMessages } from "../../support/conversation.ts";
import { retried } from "../../support/retried.ts";
import { type Journey, playScene } from "../../support/scene.ts";
import { atShop } from "./atShop.ts";

const name = "Oksana Bondar";

export const leftMessage: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const visitor = await atShop(scene, "Oksana");
    await visitor.sees(visitor.word("presence.away"));
    const [opening, answer] = tenMessages;
    await visitor.starts({ name, text: opening?.text ?? "" });
    await visitor.sees(visitor.word("line.unattended"));
    await visitor.says("I will wait.");
    const marks = async () => [...new Set(await visitor.marks())];
    await retried(async () => expect(await marks()).toEqual([visitor.word("mark.sent")]));

    const agent = await scene.agent("Anna Nowak");
    await agent.goesOnline();
    await visitor.sees(visitor.word("line.joined", { name: agent.name }));
    await agent.opens(name);
    await agent.says(answer?.text ?? "");
    await visitor.sees(answer?.text ?? "");
    const said = [opening, { by: "visitor", text: "I will wait." }, answer] as typeof tenMessages;
    await expectAllRead(visitor, agent);
    await agent.closes();
    await visitor.sees(visitor.word("line.closedByAgent", { name: agent.name }));
    await expectOneTruth(scene, visitor, agent, { name, said, notes: [] });
  });
