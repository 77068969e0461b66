import type { VNode } from "preact";
import type { Place } from "../routes/place.ts";
import { Icon } from "../ui/Icon.tsx";
import { keyText } from "../ui/Keys.tsx";
import { useSpeech, useWorkbench } from "./workbench.ts";

/** The place of a thread while none is open. */
export function NoThread({ view }: { view: Place["view"] }): VNode {
  const { session, preferences } = useWorkbench();
  const { t } = useSpeech();
  const { rows, ready } = session[view].value;
  const some = rows.length > 0 || !ready;
  return (
    <section class="thread thread-none" id="thread" tabIndex={-1} aria-label={t("thread.none")}>
      <div class="empty">
        <Icon name="chats" size={32} />
        <h2>{t(some ? "thread.none" : "thread.noneFirst")}</h2>
        <p>{t(some ? "thread.noneText" : "thread.noneFirstText")}</p>
        {some && preferences.shortcuts.value && (
          <p class="thread-none-keys">
            {t("thread.noneKeys", {
              next: keyText("j"),
              previous: keyText("k"),
              open: keyText("Enter"),
            })}
          </p>
        )}
      </div>
    </section>
  );
}
