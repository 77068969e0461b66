import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Thread } from "#shared/client/agentSession.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { ContextPanel } from "../context/ContextPanel.tsx";
import { listed } from "../inbox/listed.ts";
import { visitorWaitsSince } from "../inbox/turn.ts";
import { visitorName } from "../inbox/visitorName.ts";
import { Waited } from "../inbox/Waited.tsx";
import { useAction } from "../keys/useAction.ts";
import { addressOf, type Place } from "../routes/place.ts";
import { useContextOpen } from "../shell/useContextOpen.ts";
import { refusalText, useQueueName, useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Icon } from "../ui/Icon.tsx";
import { CloseDialog } from "./CloseDialog.tsx";
import { Composer } from "./Composer.tsx";
import { useNameOf } from "./people.ts";
import { Scroller } from "./Scroller.tsx";
import { type Standing, standingOf } from "./standing.ts";
import { TransferDialog } from "./TransferDialog.tsx";
import { useThread } from "./useThread.ts";

type Props = {
  id: ConversationId;
  view: Place["view"];
  go: (place: Place, replace?: boolean) => void;
  /** The agent chose this chat just now, so it gets the focus. */
  chosen: boolean;
};

/** One conversation with everything that can be done in it. */
export function ThreadPane({ id, view, go, chosen }: Props): VNode {
  const { account, session } = useWorkbench();
  const thread = useThread(id);
  const conversation = thread.conversation.value;
  const mine = conversation?.status === "assigned" && conversation.agent === account.id;

  // A chat one reads and then gets is a chat of one's own: address and list follow.
  useEffect(() => {
    if (mine && view !== "mine") go({ view: "mine", chat: id }, true);
  }, [mine, view, id, go]);

  // Until its own events are here, what the list knows of it is enough to draw the frame.
  const known = conversation ?? listed(session, id)?.conversation ?? null;
  if (!known && thread.missing.value) return <NotFound />;
  return <Opened thread={thread} conversation={known} view={view} chosen={chosen} />;
}

function NotFound(): VNode {
  const { t } = useSpeech();
  return (
    <section class="thread" id="thread" tabIndex={-1} aria-label={t("thread.notFound")}>
      <div class="empty">
        <h2>{t("thread.notFound")}</h2>
        <p>{t("thread.notFoundText")}</p>
        <a class="button" href={addressOf({ view: "mine", chat: null })}>
          {t("thread.toMine")}
        </a>
      </div>
    </section>
  );
}

function Opened(props: {
  thread: Thread;
  conversation: Conversation | null;
  view: Place["view"];
  chosen: boolean;
}): VNode {
  const { thread, conversation, view, chosen } = props;
  const workbench = useWorkbench();
  const { account, dialog, tell } = workbench;
  const { t } = useSpeech();
  const context = useContextOpen();
  const visitor = conversation ? visitorName(conversation, t) : "";
  const standing = conversation && standingOf(conversation, account.id, thread.timeline.value);
  const mine = standing?.kind === "mine";

  const close = async () => {
    const answer = await thread.close();
    const speech = workbench.speech.peek();
    tell(answer.ok ? speech.t("close.done") : refusalText(speech, answer.refusal));
  };
  const askToClose = () => {
    // Only a visitor who waits for words is worth a question; anything else can be reopened by them.
    if (conversation?.unansweredSince != null) dialog.value = "close";
    else void close();
  };
  const copyLink = async () => {
    try {
      const path = addressOf({ view: "mine", chat: thread.id });
      await navigator.clipboard.writeText(new URL(path, location.origin).href);
      tell(t("context.copied"));
    } catch {
      tell(t("context.copyFailed"));
    }
  };
  const transfer = () => {
    dialog.value = "transfer";
  };
  useAction("transfer", transfer, mine);
  useAction("close", askToClose, mine);
  useAction("context", context.toggle);
  // What lies over the thread goes first.
  useAction("back", context.toggle, context.over);
  useAction("copyLink", () => void copyLink());

  return (
    <>
      <section
        class="thread"
        id="thread"
        tabIndex={-1}
        aria-label={t("thread.label", { name: visitor })}
      >
        <header class="thread-head">
          <a
            class="icon-button thread-back"
            href={addressOf({ view, chat: null })}
            aria-label={t("thread.back")}
          >
            <Icon name="back" />
          </a>
          <div class="thread-title">
            {conversation && (
              <h2>
                <bdi>{visitor}</bdi>
              </h2>
            )}
            {conversation && standing && (
              <ThreadStatus conversation={conversation} standing={standing} />
            )}
          </div>
          {mine && (
            <div class="thread-actions">
              <button type="button" class="button" title={t("thread.transfer")} onClick={transfer}>
                <Icon name="transfer" size={18} />
                <span>{t("thread.transfer")}</span>
              </button>
              <button type="button" class="button" title={t("thread.close")} onClick={askToClose}>
                <Icon name="done" size={18} />
                <span>{t("thread.close")}</span>
              </button>
            </div>
          )}
          <button
            type="button"
            class="icon-button"
            aria-pressed={context.open}
            aria-label={t("thread.context")}
            title={t("thread.context")}
            onClick={context.toggle}
          >
            <Icon name="panel" />
          </button>
        </header>
        <Scroller thread={thread} visitor={visitor} mine={mine} />
        {conversation && standing && thread.ready.value && (
          <Composer
            thread={thread}
            standing={standing}
            visitor={visitor}
            visitorName={conversation.name}
            focusOnOpen={chosen}
          />
        )}
      </section>
      {context.open && conversation && (
        <ContextPanel conversation={conversation} onHide={context.toggle} />
      )}
      {dialog.value === "transfer" && conversation && mine && (
        <TransferDialog thread={thread} conversation={conversation} />
      )}
      {dialog.value === "close" && mine && (
        <CloseDialog visitor={visitor} onConfirm={() => void close()} />
      )}
    </>
  );
}

function ThreadStatus(props: { conversation: Conversation; standing: Standing }): VNode {
  const { conversation, standing } = props;
  const { t } = useSpeech();
  const queue = useQueueName(conversation.queue);
  const nameOf = useNameOf();
  const { status } = conversation;
  const since = visitorWaitsSince(conversation);
  const text = () => {
    switch (status) {
      case "queued":
        return t("thread.statusQueued", { queue });
      case "offered":
        return t("thread.statusOffered");
      case "parked":
        return t("thread.statusParked");
      case "closed":
        return t("thread.statusClosed");
      case "assigned":
        return standing.kind === "mine"
          ? t("thread.statusMine")
          : t("thread.statusOther", {
              name: nameOf(conversation.agent) ?? t("thread.someAgent"),
            });
    }
  };
  return (
    <p class="thread-status">
      {/* A waiting chat says its queue in what follows. */}
      {status !== "queued" && <span>{queue}</span>}
      <span class={`status status-${status}`}>{text()}</span>
      {since !== null && (
        <span class="thread-waited">
          <Icon name="clock" size={14} />
          <Waited since={since} kind="waited-ours" />
        </span>
      )}
    </p>
  );
}
