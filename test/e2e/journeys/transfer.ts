import {
  expectAllRead,
  expectMessages,
  expectOneTruth,
  secret,
  tenMessages,
} from "../../support/conversation.ts";
import { type Journey, playScene } from "../../support/scene.ts";
import { atShop } from "./atShop.ts";

const name = "Oksana Bondar";

export const transfer: Journey = (stage) =>
  playScene(stage, async (scene) => {
    const anna = await scene.agent("Anna Nowak");
    const iryna = await scene.agent("Iryna Kovalenko");
    await anna.goesOnline();
    await iryna.goesOnline();
    const visitor = await atShop(scene, "Oksana");
    const [opening, first, second] = tenMessages;
    await visitor.starts({ name, text: opening?.text ?? "" });
    await anna.opens(name);
    await anna.sees(opening?.text ?? "");
    await anna.says(first?.text ?? "");
    await visitor.sees(first?.text ?? "");
    await anna.transfers("Specialists", secret);
    await visitor.sees(visitor.word("line.transferred", { queue: "Specialists" }));
    await visitor.sees(visitor.word("line.joined", { name: iryna.name }));
    await anna.page.getByText(`${iryna.name} answers this chat.`).waitFor();

    await iryna.opens(name);
    await iryna.sees(secret);
    await iryna.says(second?.text ?? "");
    await visitor.sees(second?.text ?? "");
    await expectAllRead(visitor, iryna);
    await visitor.ends();
    await iryna.sees("The visitor ended the chat");
    const said = tenMessages.slice(0, 3);
    await expectMessages(anna, said);
    await expectOneTruth(scene, visitor, iryna, { name, said });
  });
