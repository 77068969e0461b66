import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "./chat.ts";
import { enter } from "./enter.ts";
import { CloudOffIcon } from "./icons.tsx";
import { useSettled } from "./settled.ts";

/** A connection that blinks is nobody's business; one that stays away this long is. */
const patienceMs = 1_500;
/** After this long somebody may want to do something about it. */
const lateMs = 4_000;
/** How long the button says that it was pressed; without a network the attempt itself is over at once. */
const pressedMs = 1_500;

/** Says when what is written can't be sent yet. The announcer says it to those who don't see it. */
export function Banner({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const now = chat.session.connection.value;
  const state = useSettled(now, patienceMs, "online");
  const late = useSettled(now === "offline" || now === "reconnecting", lateMs, false);
  if (state !== "offline" && state !== "reconnecting") return null;
  return (
    <p class="banner">
      <CloudOffIcon />
      <span>
        {t(`connection.${state}`)} {late && <TryNow chat={chat} />}
      </span>
    </p>
  );
}

function TryNow({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const button = useRef<HTMLButtonElement>(null);
  const pressed = useSignal(false);
  useEffect(() => {
    if (!pressed.value) return;
    const timer = setTimeout(() => {
      pressed.value = false;
    }, pressedMs);
    return () => clearTimeout(timer);
  }, [pressed.value, pressed]);
  // It goes when the connection comes; who pressed it by the keyboard goes on writing.
  useLayoutEffect(() => {
    const { current } = button;
    return () => {
      if (current === document.activeElement) enter(current?.closest(".panel") ?? null);
    };
  }, []);
  return (
    <button
      type="button"
      class="link"
      ref={button}
      aria-disabled={pressed.value}
      onClick={() => {
        pressed.value = true;
        chat.session.reconnect();
      }}
    >
      {t(pressed.value ? "connection.connecting" : "connection.now")}
    </button>
  );
}
