import { expect } from "vitest";
import { expectAllRead } from "../../support/conversation.ts";
import { freePort } from "../../support/freePort.ts";
import { type HostSite, startHostSite } from "../../support/hostSite.ts";
import { type Journey, playScene } from "../../support/scene.ts";

/** What somebody who reads it asks and is answered. */
export const languages = [
  {
    language: "pl",
    locale: "pl-PL",
    name: "Łucja",
    asks: "Czy konewka jest jeszcze dostępna?",
    answer: "Tak, mamy jeszcze trzy.",
  },
  {
    language: "uk",
    locale: "uk-UA",
    name: "Оксана",
    asks: "Чи є ще лійка?",
    answer: "Так, залишилося три.",
  },
] as const;

export const inLanguage =
  ({ language, locale, name, asks, answer }: (typeof languages)[number]): Journey =>
  async (stage) => {
    // A page that doesn't say its language leaves the choice to the visitor's browser.
    const port = await freePort();
    const site: HostSite = await startHostSite({
      origin: `http://localhost:${port}`,
      site: "demo-shop",
    });
    const origin = `http://127.0.0.1:${site.port}`;
    try {
      await playScene(
        { ...stage, parley: { port, env: { SITE_ORIGINS: origin } } },
        async (scene) => {
          const anna = await scene.agent("Anna Nowak");
          await anna.goesOnline();
          const visitor = await scene.visitor(name, { language, locale });
          await visitor.visits(`${origin}/`);
          await visitor.opensChat();
          await visitor.sees(visitor.word("start.title"));
          await visitor.sees(visitor.word("presence.here"));
          expect(await visitor.launcher.getAttribute("aria-label")).toBe(
            visitor.word("launcher.close"),
          );
          expect(await visitor.chat.locator("html").getAttribute("lang")).toBe(language);
          await visitor.starts({ name, text: asks });
          await visitor.sees(visitor.word("line.joined", { name: anna.name }));
          await anna.opens(name);
          await anna.says(answer);
          await visitor.sees(answer);
          await expectAllRead(visitor, anna);
          await visitor.ends();
          await visitor.sees(visitor.word("line.closedByYou"));
          const truth = await scene.truth();
          expect(await truth.messages(name)).toEqual([
            { by: "visitor", text: asks },
            { by: "agent", text: answer },
          ]);
        },
      );
    } finally {
      await site.close();
    }
  };
