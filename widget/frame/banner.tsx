import type { Chat } from "./chat.ts";
import { CloudOffIcon } from "./icons.tsx";
import { useSettled } from "./settled.ts";

/** A connection that blinks is nobody's business; one that stays away this long is. */
const patienceMs = 1_500;

/** Says when what is written can't be sent yet. The announcer says it to those who don't see it. */
export function Banner({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const state = useSettled(chat.session.connection.value, patienceMs, "online");
  if (state !== "offline" && state !== "reconnecting") return null;
  return (
    <p class="banner">
      <CloudOffIcon />
      <span>{t(`connection.${state}`)}</span>
    </p>
  );
}
