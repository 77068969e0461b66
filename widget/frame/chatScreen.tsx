import { waitingText } from "./announcer.tsx";
import { Banner } from "./banner.tsx";
import type { Chat } from "./chat.ts";
import { Composer } from "./composer.tsx";
import { EndQuestion } from "./endQuestion.tsx";
import { Header } from "./header.tsx";
import { ClockIcon } from "./icons.tsx";
import { MessageLog } from "./messageLog.tsx";

/** From the first message on: header, the conversation, and below it the way to go on. */
export function ChatScreen({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const stage = chat.stage.value;
  return (
    <div class="chat">
      <Header chat={chat} />
      {stage === "waiting" && (
        <div class="waiting">
          <ClockIcon />
          <p>
            <strong>{waitingText(chat)}</strong>{" "}
            {t(chat.staffed.value === false ? "waiting.kept" : "waiting.more")}
          </p>
        </div>
      )}
      <Banner chat={chat} />
      <MessageLog chat={chat} />
      {!chat.host.kept && <p class="note">{t("storage.lost")}</p>}
      <Composer chat={chat} />
      {stage === "closed" && (
        <button type="button" class="quiet button" onClick={chat.startNew}>
          {t("closed.again")}
        </button>
      )}
      {chat.ending.value && <EndQuestion chat={chat} />}
    </div>
  );
}
