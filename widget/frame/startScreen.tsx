import { useSignal } from "@preact/signals";
import { messageTextLimit, visitorNameLimit } from "#shared/model/message.ts";
import { Banner } from "./banner.tsx";
import type { Chat } from "./chat.ts";
import { ComposerField } from "./composerField.tsx";
import { CloseButton } from "./header.tsx";

/** Before the first message: who is there, and a field for what it is about. */
export function StartScreen({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const staffed = chat.staffed.value;
  const text = chat.draft.value;
  const over = text.trim().length - messageTextLimit;
  const empty = useSignal(false);
  const wrong = over > 0 || empty.value;
  const start = () => {
    const words = text.trim();
    empty.value = !words;
    if (!words || over > 0) return document.getElementById("message")?.focus();
    chat.draft.value = "";
    chat.session.start(chat.visitorName.value.trim() || null, words);
  };

  return (
    <div class="start">
      <header class="hero">
        <div class="hero-top">
          <span class="hero-site" dir="auto">
            {chat.siteName.value}
          </span>
          <CloseButton chat={chat} />
        </div>
        <h1 id="title">{t("start.title")}</h1>
        {staffed !== null && (
          <p class="presence">
            <span class={staffed ? "dot here" : "dot"} aria-hidden="true" />
            {t(staffed ? "presence.here" : "presence.away")}
          </p>
        )}
      </header>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <p class="explain">{t(explanation(staffed))}</p>
        <label class="label" for="name">
          {t("start.name")} <span class="optional">({t("start.optional")})</span>
        </label>
        <input
          id="name"
          class="field"
          autocomplete="given-name"
          maxlength={visitorNameLimit}
          dir="auto"
          value={chat.visitorName.value}
          onInput={(event) => {
            chat.visitorName.value = event.currentTarget.value;
          }}
        />
        <label class="label" for="message">
          {t("start.message")}
        </label>
        <ComposerField
          id="message"
          label={t("start.message")}
          rows={3}
          value={text}
          placeholder={t("start.placeholder")}
          describedBy={wrong ? "wrong" : "hint"}
          invalid={wrong}
          onText={(value) => {
            empty.value = false;
            chat.draft.value = value;
          }}
          onSend={start}
        />
        {wrong && (
          <p id="wrong" class="error">
            {over > 0 ? t("composer.tooLong", { count: over }) : t("start.needed")}
          </p>
        )}
        <p id="hint" class="unseen">
          {t("composer.hint")}
        </p>
        <button type="submit" class="primary button" aria-disabled={over > 0}>
          {t(staffed === false ? "start.leave" : "start.send")}
        </button>
      </form>
      <Banner chat={chat} />
      {!chat.host.kept && <p class="note">{t("storage.lost")}</p>}
    </div>
  );
}

const explanation = (staffed: boolean | null) =>
  staffed === null ? "start.unknown" : staffed ? "start.here" : "start.away";
