import type { Frame, Page } from "playwright-core";

/**
 * What a page tells in the end, without times and ports: the chat as visitors see it, the thread, the
 * agent's own state and whose chats are listed as agents see them. Lines that only tell of changes
 * (live regions, toasts) are left out: they come and go.
 */
export async function screenText(page: Page): Promise<string> {
  const texts = await Promise.all(page.frames().map(told));
  const all = texts.filter((text) => text !== "").join("\n----\n");
  return all
    .replace(/\b\d{1,2}:\d\d\b/g, "hh:mm")
    .replace(/\b\d+ (second|minute)s?\b/g, "a while")
    .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1");
}

/** A frame that is being replaced tells nothing. */
const told = (frame: Frame): Promise<string> =>
  frame
    .evaluate(() => {
      const shown =
        document.querySelector(".shell") === null
          ? [...document.querySelectorAll("#app, #chat, .panel")].slice(0, 1)
          : [...document.querySelectorAll(".presence, a.row .row-name, .thread")];
      const words = (element: Element): string[] => {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        const found: string[] = [];
        while (walker.nextNode()) {
          const text = walker.currentNode.textContent?.trim();
          const around = walker.currentNode.parentElement;
          if (text && !around?.closest('time, [role="status"], style, script')) found.push(text);
        }
        return found;
      };
      return shown.flatMap(words).join("\n");
    })
    .catch(() => "");
