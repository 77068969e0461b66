import type { ComponentChildren, VNode } from "preact";
import type { Conversation } from "#shared/model/conversation.ts";
import { canonical } from "#shared/text/language.ts";
import { moments } from "#shared/text/moments.ts";
import { stepOf } from "../inbox/step.ts";
import { visitorWaitsSince } from "../inbox/turn.ts";
import { Waited } from "../inbox/Waited.tsx";
import { useQueueName, useSpeech, useWorkbench } from "../shell/workbench.ts";
import { shortPage } from "../thread/systemText.ts";
import { spokenDuration } from "../ui/duration.ts";
import { Icon } from "../ui/Icon.tsx";

/** What is known of the visitor and the chat right now. */
export function ContextPanel(props: { conversation: Conversation; onHide: () => void }): VNode {
  const { conversation, onHide } = props;
  const { t, moments: here } = useSpeech();
  const queue = useQueueName(conversation.queue);
  const { name, page, locale, zone, createdAt, leg, priority } = conversation;
  const since = visitorWaitsSince(conversation);
  return (
    <aside class="context" aria-label={t("thread.context")}>
      <header class="context-head">
        <h2>{t("context.title")}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t("context.hide")}
          title={t("context.hide")}
          onClick={onHide}
        >
          <Icon name="close" />
        </button>
      </header>
      <dl class="facts">
        <Fact name={t("context.name")}>
          {name ? <bdi>{name}</bdi> : <span class="muted">{t("context.noName")}</span>}
        </Fact>
        <Fact name={t("context.page")}>
          <PageLink page={page} />
        </Fact>
        <Fact name={t("context.language")}>
          <LanguageName tag={locale} />
        </Fact>
        <Fact name={t("context.zone")}>
          <LocalTime zone={zone} />
        </Fact>
      </dl>
      <dl class="facts">
        {since !== null && (
          <Fact name={t("context.waits")}>
            <Since since={since} />
          </Fact>
        )}
        <Fact name={t("context.started")}>
          <time dateTime={new Date(createdAt).toISOString()}>{here.full(createdAt)}</time>
        </Fact>
        <Fact name={t("context.queue")}>{queue}</Fact>
        <Fact name={t("context.priority")}>{t(`level.${stepOf(priority)}`)}</Fact>
        <Fact name={t("context.leg")}>
          <span title={t("context.legText")}>{leg}</span>
        </Fact>
      </dl>
      <dl class="facts">
        <CopyFact name={t("context.chatId")} value={conversation.id} />
        <CopyFact name={t("context.visitorId")} value={conversation.visitor} />
      </dl>
    </aside>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }): VNode => (
  <div class="fact">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

function CopyFact({ name, value }: { name: string; value: string }): VNode {
  const { tell } = useWorkbench();
  const { t } = useSpeech();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      tell(t("context.copied"));
    } catch {
      tell(t("context.copyFailed"));
    }
  };
  return (
    <Fact name={name}>
      <span class="copyable">
        <code title={value}>
          <bdi dir="ltr">{value}</bdi>
        </code>
        <button
          type="button"
          class="icon-button"
          aria-label={t("context.copy", { what: name })}
          title={t("context.copy", { what: name })}
          onClick={() => void copy()}
        >
          <Icon name="copy" size={16} />
        </button>
      </span>
    </Fact>
  );
}

/** The page's address came from a stranger's browser: only what the web uses becomes a link. */
function PageLink({ page }: { page: string | null }): VNode {
  const { t } = useSpeech();
  if (!page) return <span class="muted">{t("context.noPage")}</span>;
  const safe = /^https?:$/.test(URL.parse(page)?.protocol ?? "");
  if (!safe) return <bdi>{page}</bdi>;
  return (
    <a href={page} target="_blank" rel="noopener noreferrer nofollow" title={page}>
      <bdi>{shortPage(page)}</bdi>
      <span class="hidden">, {t("context.opens")}</span>
    </a>
  );
}

function LanguageName({ tag }: { tag: string }): VNode {
  const { locale } = useSpeech();
  const known = canonical(tag);
  const name = known && new Intl.DisplayNames(locale, { type: "language" }).of(known);
  return <span title={tag}>{name ?? tag}</span>;
}

function LocalTime({ zone }: { zone: string }): VNode {
  const { now } = useWorkbench();
  const { locale } = useSpeech();
  // To the minute, so that it is drawn once a minute.
  const minute = Math.floor(now.value / 60_000) * 60_000;
  const time = timeIn(locale, zone, minute);
  return (
    <>
      {time && <span class="tabular">{time} · </span>}
      <span class="muted">{zone.replaceAll("_", " ")}</span>
    </>
  );
}

/** Null for a zone this browser does not know: it came from another one. */
function timeIn(locale: string, zone: string, at: number): string | null {
  try {
    return moments(locale, zone).time(at);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function Since({ since }: { since: number }): VNode {
  const { now } = useWorkbench();
  const { locale } = useSpeech();
  return (
    <>
      <Waited since={since} kind="waited-ours" />
      <span class="hidden">{spokenDuration(now.value - since, locale)}</span>
    </>
  );
}
