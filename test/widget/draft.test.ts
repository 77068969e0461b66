import { signal } from "@preact/signals";
import { expect, it, vi } from "vitest";
import type { VisitorSession } from "#shared/client/visitorSession.ts";
import { openChat } from "#widget/frame/chat.ts";
import type { Host } from "#widget/frame/host.ts";
import type { Words } from "#widget/frame/words.ts";

it("[W62] asks the page to keep what is typed one at a time, and the newest next", async () => {
  const asked: string[] = [];
  let answer = (_kept: boolean) => {};
  const keep: Host["keep"] = (_name, text) => {
    asked.push(text);
    return new Promise((kept) => {
      answer = kept;
    });
  };
  const session = {
    connection: signal("online"),
    conversation: signal(null),
    timeline: signal([]),
    welcome: signal(null),
  } as unknown as VisitorSession;
  const host = { keep, draft: "", prefill: signal(null) } as unknown as Host;
  const words = signal({} as Words);
  const { draft } = openChat({ siteName: "Shop", host, session, words });
  for (const text of ["H", "He", "Hel"]) draft.value = text;
  expect(asked).toEqual([""]);
  answer(true);
  await vi.waitFor(() => expect(asked).toEqual(["", "Hel"]));
  draft.value = "Hell";
  answer(false);
  await vi.waitFor(() => expect(asked).toEqual(["", "Hel", "Hell"]));
});
