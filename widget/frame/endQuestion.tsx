import { useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "./chat.ts";

/** What ends by a slip of the finger costs the place in line, so it's asked once. The browser's own modal keeps the focus and gives it back. */
export function EndQuestion({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  const stay = () => {
    chat.ending.value = false;
  };

  return (
    <dialog
      ref={dialog}
      class="question"
      aria-labelledby="end-question"
      aria-describedby="end-explain"
      onCancel={stay}
    >
      <h2 id="end-question">{t("end.question")}</h2>
      <p id="end-explain">{t("end.explain")}</p>
      <div class="actions">
        <button type="button" class="plain button" onClick={stay}>
          {t("end.cancel")}
        </button>
        <button
          type="button"
          class="danger button"
          onClick={() => {
            stay();
            chat.session.end();
          }}
        >
          {t("end.confirm")}
        </button>
      </div>
    </dialog>
  );
}
