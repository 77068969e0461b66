import { messageTextLimit } from "#shared/model/message.ts";
import type { Chat } from "./chat.ts";
import { ComposerField } from "./composerField.tsx";
import { SendIcon } from "./icons.tsx";

export function Composer({ chat }: { chat: Chat }) {
  const { session, draft } = chat;
  const { t } = chat.words.value;
  const text = draft.value;
  const over = text.trim().length - messageTextLimit;
  const idle = !text.trim() || over > 0;
  const send = () => {
    const words = text.trim();
    document.getElementById("composer")?.focus();
    if (idle) return;
    draft.value = "";
    session.typing(false);
    session.say(words);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {over > 0 && (
        <p id="too-long" class="error">
          {t("composer.tooLong", { count: over })}
        </p>
      )}
      <div class="composer-row">
        <ComposerField
          id="composer"
          label={t("composer.label")}
          value={text}
          placeholder={t(chat.stage.value === "closed" ? "closed.goOn" : "composer.placeholder")}
          describedBy={over > 0 ? "too-long" : "hint"}
          invalid={over > 0}
          onText={(value) => {
            draft.value = value;
            session.typing(value.trim() !== "");
          }}
          onSend={send}
        />
        <button
          type="submit"
          class="send"
          aria-disabled={idle}
          aria-label={t("composer.send")}
          title={t("composer.send")}
        >
          <SendIcon />
        </button>
      </div>
      <p id="hint" class="unseen">
        {t("composer.hint")}
      </p>
    </form>
  );
}
