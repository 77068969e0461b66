import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Chat } from "./chat.ts";
import { useSettled } from "./settled.ts";

const quietMs = 1_000;
/** Somebody who listens hears once that an answer is being written, not at every pause. */
const typingAgainMs = 30_000;

/**
 * What changes on screen without being a message, said politely and not too often. The log announces
 * messages itself.
 */
export function Announcer({ chat }: { chat: Chat }) {
  const said = useSettled(status(chat), quietMs, "");
  const typing = useSettled(chat.session.agentTyping.value, quietMs, false);
  const typingText = useSignal("");
  const lastAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const now = chat.now();
    if (!typing || now - lastAt.current < typingAgainMs) return;
    lastAt.current = now;
    typingText.value = writing(chat);
    const timer = setTimeout(() => {
      typingText.value = "";
    }, quietMs);
    return () => clearTimeout(timer);
  }, [typing, typingText, chat]);
  return (
    <p class="unseen" role="status">
      {typingText.value || said}
    </p>
  );
}

/** Who is writing an answer. */
export function writing(chat: Chat): string {
  const { t } = chat.words.peek();
  const name = chat.agentName.peek();
  return name ? t("typing.named", { name }) : t("typing.somebody");
}

function status(chat: Chat): string {
  const { t } = chat.words.value;
  const connection = chat.session.connection.value;
  if (connection === "offline" || connection === "reconnecting")
    return t(`connection.${connection}`);
  return chat.stage.value === "waiting" ? waitingText(chat) : "";
}

/** Where in the queue the visitor stands, or that it leads nowhere right now. */
export function waitingText(chat: Chat): string {
  const { t } = chat.words.value;
  const position = chat.session.position.value;
  if (chat.staffed.value === false) return t("presence.away");
  if (position === null) return t("waiting.looking");
  return position === 1 ? t("waiting.next") : t("waiting.position", { position });
}
