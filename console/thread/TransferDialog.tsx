import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useId } from "preact/hooks";
import type { Thread } from "#shared/client/agentSession.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { QueueId } from "#shared/model/ids.ts";
import { noteTextLimit } from "#shared/model/message.ts";
import { refusalText, useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { matches } from "../ui/matches.ts";

/** Where to, and what the next agent should know. */
export function TransferDialog(props: { thread: Thread; conversation: Conversation }): VNode {
  const { thread, conversation } = props;
  const { session, dialog, speech, tell } = useWorkbench();
  const { t } = useSpeech();
  const search = useSignal("");
  const chosen = useSignal<QueueId | null>(null);
  const note = useSignal("");
  const busy = useSignal(false);
  const failure = useSignal<string | null>(null);
  const ids = useId();
  const queues = session.welcome.value?.queues ?? [];
  const found = queues.filter(({ name }) => matches(search.value, [name]));
  // What the search hides cannot be what is meant.
  const target =
    found.find(({ id }) => id === chosen.value) ?? (found.length === 1 ? found[0] : null);

  /** Null while it can't be known. */
  const online = (id: QueueId): number | null =>
    session.connection.value === "online" ? (session.online.value.get(id) ?? 0) : null;
  const onlineIn = (id: QueueId) => {
    const count = online(id);
    if (count === null) return null;
    return count === 0 ? t("transfer.nobody") : t("transfer.online", { count });
  };
  /** What happens to the chat there, where one would not expect it. */
  const consequence = () => {
    if (!target) return null;
    const count = online(target.id);
    if (count === 0) return t("transfer.nobodyText", { queue: target.name });
    const alone = count === 1 && target.memberOf && session.me.value?.status === "online";
    return alone ? t("transfer.onlyYou", { queue: target.name }) : null;
  };

  const leave = () => {
    dialog.value = null;
  };
  const submit = async () => {
    if (busy.value) return;
    if (!target) {
      failure.value = t("transfer.choose");
      return;
    }
    busy.value = true;
    const answer = await thread.transfer(target.id, note.value.trim() || null);
    busy.value = false;
    if (answer.ok) {
      tell(speech.peek().t("transfer.done", { queue: target.name }));
      if (dialog.peek() === "transfer") leave();
    } else {
      failure.value = refusalText(speech.peek(), answer.refusal);
    }
  };

  return (
    <Dialog title={t("transfer.title")} closeLabel={t("dialog.close")} onClose={leave}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <input
          type="search"
          class="field"
          autofocus
          aria-label={t("transfer.search")}
          placeholder={t("transfer.search")}
          value={search.value}
          onInput={(event) => {
            search.value = event.currentTarget.value;
            failure.value = null;
          }}
        />
        <fieldset class="choices">
          <legend class="hidden">{t("transfer.queues")}</legend>
          {found.map((queue) => (
            <label key={queue.id} class="choice">
              <input
                type="radio"
                name="queue"
                value={queue.id}
                checked={target?.id === queue.id}
                onChange={() => {
                  chosen.value = queue.id;
                  failure.value = null;
                }}
              />
              <span class="choice-name">{queue.name}</span>
              <span class="choice-more">
                {[
                  onlineIn(queue.id),
                  queue.id === conversation.queue
                    ? t("transfer.current")
                    : queue.memberOf && t("transfer.member"),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </label>
          ))}
          {found.length === 0 && (
            <p class="choices-none">{t("transfer.none", { query: search.value })}</p>
          )}
        </fieldset>
        <p class="choices-note" role="status">
          {consequence()}
        </p>
        <label class="labelled" for={`${ids}-note`}>
          {t("transfer.note")}
        </label>
        <textarea
          id={`${ids}-note`}
          class="field amber"
          rows={3}
          maxLength={noteTextLimit}
          placeholder={t("transfer.notePlaceholder")}
          value={note.value}
          onInput={(event) => {
            note.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void submit();
          }}
        />
        <p class="form-error" role="alert">
          {failure.value}
        </p>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={leave}>
            {t("dialog.cancel")}
          </button>
          <button type="submit" class="button primary" aria-disabled={busy.value}>
            {t(busy.value ? "transfer.busy" : "transfer.submit")}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
