import type { VNode } from "preact";
import type { Instant } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { addressOf, type Place } from "../routes/place.ts";
import { useQueueName, useSpeech, useWorkbench } from "../shell/workbench.ts";
import { spokenDuration } from "../ui/duration.ts";
import { Icon } from "../ui/Icon.tsx";
import { PriorityMark } from "./PriorityMark.tsx";
import { leftSince, queuedSince, turnOf, waitingSince } from "./turn.ts";
import { visitorName } from "./visitorName.ts";
import { Waited } from "./Waited.tsx";

type Props = {
  row: ListRow;
  view: Place["view"];
  open: boolean;
  gone: boolean;
  /** What the agent has begun to write in it. */
  begun: string;
};

/** What the time in a row counts from; closed rows tell when that was instead. */
const sinceIn = {
  mine: waitingSince,
  waiting: queuedSince,
  parked: leftSince,
  closed: waitingSince,
} as const;

/** One chat in a list; the whole line is the link. */
export function Row({ row, view, open, gone, begun }: Props): VNode {
  const { t } = useSpeech();
  const { conversation, unread } = row;
  const name = visitorName(conversation, t);
  const queue = useQueueName(conversation.queue);
  const turn = view === "mine" ? turnOf(row) : view === "closed" ? "theirs" : "ours";
  const since = sinceIn[view](row);
  const closedAt = conversation.status === "closed" ? conversation.closedAt : null;
  const inner = (
    <>
      <span class="row-top">
        <PriorityMark priority={conversation.priority} />
        <bdi class="row-name">{name}</bdi>
        <span class="row-queue">{queue}</span>
        {gone ? null : closedAt === null ? (
          <Waited since={since} kind={turn === "ours" ? "waited-ours" : ""} />
        ) : (
          <ClosedAt at={closedAt} />
        )}
      </span>
      <span class="row-bottom">
        <Preview row={row} begun={begun} gone={gone} />
        {unread > 0 && (
          <span class="badge">
            <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
            <span class="hidden">, {t("row.unread", { count: unread })}</span>
          </span>
        )}
      </span>
      {!gone && closedAt === null && <SaidWait view={view} turn={turn} since={since} />}
    </>
  );
  if (gone) return <div class="row row-gone">{inner}</div>;
  return (
    <a
      class={`row row-${turn}${unread > 0 ? " row-unread" : ""}`}
      href={addressOf({ view, chat: conversation.id })}
      aria-current={open ? "page" : undefined}
      data-chat={conversation.id}
      draggable={false}
    >
      {inner}
    </a>
  );
}

function Preview({ row, begun, gone }: Pick<Props, "row" | "begun" | "gone">): VNode {
  const { t } = useSpeech();
  const { preview } = row;
  if (gone) return <span class="row-preview">{t("row.gone")}</span>;
  const text = preview?.text.replace(/\s+/g, " ");
  return (
    <span class="row-preview">
      {begun !== "" ? (
        <>
          <span class="row-draft">{t("row.draft")}: </span>
          <bdi>{begun.replace(/\s+/g, " ")}</bdi>
        </>
      ) : text === undefined ? (
        t("row.noMessage")
      ) : (
        <>
          {preview?.by === "visitor" ? null : (
            <span class="row-answered">
              <Icon name="reply" size={14} />
              <span class="hidden">{t("message.you")}: </span>
            </span>
          )}
          <bdi>{text}</bdi>
        </>
      )}
    </span>
  );
}

/** The wait in words, to the minute: what the ticking digits are to the eye. */
function SaidWait(props: { view: Place["view"]; turn: "ours" | "theirs"; since: number }): VNode {
  const { view, turn, since } = props;
  const { now } = useWorkbench();
  const { t, locale } = useSpeech();
  const time = spokenDuration(now.value - since, locale);
  const key =
    view === "waiting" ? "row.queued" : view === "parked" ? "row.parked" : (`row.${turn}` as const);
  return <span class="hidden">, {t(key, { time })}</span>;
}

/** When it was closed: the time today, the day before that. */
function ClosedAt({ at }: { at: Instant }): VNode {
  const { now } = useWorkbench();
  const { t, moments } = useSpeech();
  const today = moments.sameDay(at, now.value);
  return (
    <>
      <span class="waited" aria-hidden="true">
        {today ? moments.time(at) : moments.day(at, now.value)}
      </span>
      <span class="hidden">, {t("row.closed", { time: moments.full(at) })}</span>
    </>
  );
}
