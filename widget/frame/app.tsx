import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Announcer } from "./announcer.tsx";
import type { Chat } from "./chat.ts";
import { ChatScreen } from "./chatScreen.tsx";
import { enter } from "./enter.ts";
import { Header } from "./header.tsx";
import { RefusedScreen } from "./sentence.tsx";
import { StartScreen } from "./startScreen.tsx";

/** The panel's whole content: one dialog, whatever the stage. */
export function App({ chat }: { chat: Chat }) {
  const { host, words } = chat;
  const stage = chat.stage.value;
  const panel = useRef<HTMLDivElement>(null);

  useSignalEffect(() => {
    const { language, dir, t } = words.value;
    document.documentElement.lang = language;
    document.documentElement.dir = dir;
    document.title = t("frame.title", { site: chat.siteName.value });
  });

  // Escape closes the panel, unless something smaller inside has used it.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
      if (!chat.ending.peek()) host.send("close", { focusVisible: true });
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [chat, host]);

  const asked = host.focusAsked.value;
  // A screen that goes takes the focused field with it, and one without a field leaves the focus on
  // the panel: either way the next one's field has to be found.
  const screen =
    stage === "sending" || stage === "waiting" || stage === "talking" || stage === "kept"
      ? "chat"
      : stage;
  const before = useRef(asked);
  useEffect(() => {
    const { activeElement: held } = document;
    const lost = document.hasFocus() && (held === document.body || held === panel.current);
    if (!host.open.peek() || (before.current === asked && !lost)) return;
    before.current = asked;
    enter(panel.current);
  }, [asked, screen]);

  return (
    <div
      class="panel"
      role="dialog"
      aria-modal={host.narrow.value}
      aria-labelledby="title"
      tabIndex={-1}
      ref={panel}
    >
      <Screen chat={chat} />
      <Announcer chat={chat} />
    </div>
  );
}

function Screen({ chat }: { chat: Chat }) {
  switch (chat.stage.value) {
    case "refused":
      return <RefusedScreen chat={chat} />;
    case "loading":
      return <LoadingScreen chat={chat} />;
    case "start":
      return <StartScreen chat={chat} />;
    default:
      return <ChatScreen chat={chat} />;
  }
}

function LoadingScreen({ chat }: { chat: Chat }) {
  return (
    <div class="chat" aria-busy="true">
      <Header chat={chat} />
      <div class="skeleton">
        <span class="unseen">{chat.words.value.t("loading.label")}</span>
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}
