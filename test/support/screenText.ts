import type { Frame, Page } from "playwright-core";
import { en } from "#shared/text/console/en.ts";
import { pl } from "#shared/text/console/pl.ts";
import { uk } from "#shared/text/console/uk.ts";
import { en as widgetEn } from "#shared/text/widget/en.ts";
import { pl as widgetPl } from "#shared/text/widget/pl.ts";
import { uk as widgetUk } from "#shared/text/widget/uk.ts";
import type { Told } from "./told.ts";

/** How either program says that somebody has got a chat. */
const assigned = [
  ...[en, pl, uk].flatMap((words) => [words["event.assigned"], words["event.assignedYou"]]),
  ...[widgetEn, widgetPl, widgetUk].map((words) => words["line.joined"]),
].map(sentence);

/** A whole sentence with anything for the name in it. */
function sentence(text: string): string {
  const parts = text.split("{name}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return `^${parts.join(".+")}$`;
}

/**
 * What a page tells in the end, without times and ports: the chat as visitors see it, the thread, the
 * agent's own state and whose chats are listed as agents see them. Lines that only tell of changes
 * (live regions, toasts) are left out: they come and go.
 */
export async function screenText(page: Page): Promise<Told> {
  const told = await Promise.all(page.frames().map(toldBy));
  const same = (line: string) =>
    line
      .replace(/\b\d{1,2}:\d\d\b/g, "hh:mm")
      .replace(/\b\d+ (second|minute)s?\b/g, "a while")
      .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1");
  return {
    lines: told.flatMap(({ lines }) => (lines.length > 0 ? ["----", ...lines] : [])).map(same),
    assignments: told.flatMap(({ assignments }) => assignments).map(same),
  };
}

/** A frame that is being replaced tells nothing. */
const toldBy = (frame: Frame): Promise<{ lines: string[]; assignments: string[] }> =>
  frame
    .evaluate((sentences) => {
      const shown =
        document.querySelector(".shell") === null
          ? [...document.querySelectorAll("#app, #chat, .panel")].slice(0, 1)
          : [...document.querySelectorAll(".presence, a.row .row-name, .thread")];
      const wordsIn = (element: Element): { text: string; line: Element | null }[] => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const found: { text: string; line: Element | null }[] = [];
        while (walker.nextNode()) {
          const text = walker.currentNode.textContent?.trim();
          const around = walker.currentNode.parentElement;
          if (!text || around?.closest('time, [role="status"], style, script')) continue;
          found.push({ text, line: around?.closest(".system, li.line") ?? null });
        }
        return found;
      };
      const patterns = sentences.map((one) => new RegExp(one));
      const words = shown.flatMap(wordsIn);
      const lifted = new Set(
        words
          .filter(({ text, line }) => line && patterns.some((one) => one.test(text)))
          .map(({ line }) => line),
      );
      const texts = (of: typeof words) => of.map(({ text }) => text);
      return {
        lines: texts(words.filter(({ line }) => !lifted.has(line))),
        assignments: texts(words.filter(({ line }) => lifted.has(line))),
      };
    }, assigned)
    .catch(() => ({ lines: [], assignments: [] }));
