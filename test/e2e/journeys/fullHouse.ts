import { expect } from "vitest";
import { expectAllRead } from "../../support/conversation.ts";
import { type Journey, playScene } from "../../support/scene.ts";
import type { Visitor } from "../../support/visitor.ts";
import { atShop } from "./atShop.ts";

export const fullHouse: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const agent = await scene.agent("Anna Nowak");
    await agent.goesOnline();
    const crowd: Visitor[] = [];
    for (const who of ["Ada", "Boris", "Celina", "Danylo", "Ewa", "Fedir"]) {
      const visitor = await atShop(scene, who);
      await visitor.starts({ name: who, text: `${who} here` });
      crowd.push(visitor);
    }
    const [ada, , , , ewa, fedir] = crowd as [Visitor, Visitor, Visitor, Visitor, Visitor, Visitor];
    for (const { person } of crowd.slice(0, 4)) await agent.row(person.name).waitFor();
    await agent.page.getByText("4 of 4 chats").waitFor();
    await ewa.sees(ewa.word("waiting.next"));
    await fedir.sees(fedir.word("waiting.position", { position: 2 }));
    expect(await agent.row("Ewa").count()).toBe(0);

    await agent.opens("Ada");
    await agent.says("Hello Ada");
    await ada.sees("Hello Ada");
    await expectAllRead(ada, agent);
    await agent.closes();
    await agent.row("Ewa").waitFor();
    await ewa.sees(ewa.word("line.joined", { name: agent.name }));
    await fedir.sees(fedir.word("waiting.next"));
    await agent.page.getByText("4 of 4 chats").waitFor();

    const truth = await scene.truth();
    expect(await truth.busiest(agent.name)).toBe(4);
    expect(await truth.status("Fedir")).toBe("queued");
    expect(await truth.faults()).toEqual([]);
  });
