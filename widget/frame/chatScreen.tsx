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
            <strong>{waitingText(chat)}</strong> {t("waiting.more")}
          </p>
        </div>
      )}
      <Banner chat={chat} />
      <MessageLog chat={chat} />
      {!chat.host.kept && <p class="note">{t("storage.lost")}</p>}
      {stage === "closed" ? (
        <div class="ended">
          <button type="button" id="again" class="primary button" onClick={chat.startNew}>
            {t("closed.again")}
          </button>
        </div>
      ) : (
        <Composer chat={chat} />
      )}
      {chat.ending.value && <EndQuestion chat={chat} />}
    </div>
  );
}
