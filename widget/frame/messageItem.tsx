import type { Refusal } from "#shared/protocol/refusals.ts";
import { Avatar } from "./avatar.tsx";
import { CheckIcon, ChecksIcon, ClockIcon } from "./icons.tsx";
import type { Item, MessageRow } from "./layout.ts";
import { MessageText } from "./messageText.tsx";
import { useSettled } from "./settled.ts";
import type { Words } from "./words.ts";

type Props = {
  item: Extract<Item, { kind: "message" }>;
  words: Words;
  onRetry(key: string): void;
};

export function MessageItem({ item, words, onRetry }: Props) {
  const { t, moments } = words;
  const { row, name, named, first, last, footed } = item;
  const classes = ["message", row.mine ? "mine" : "theirs", first && "first", last && "last"];
  const time = moments.time(row.at);

  return (
    <li class={classes.filter(Boolean).join(" ")}>
      {!row.mine && last && <Avatar name={name} />}
      {!row.mine && named && (
        <span class="author" aria-hidden="true" dir="auto">
          {name}
        </span>
      )}
      <span class="unseen">{t("message.from", { name, time })} </span>
      <span class={`bubble ${row.mark}`} title={moments.full(row.at)}>
        <MessageText text={row.text} />
      </span>
      {footed && (
        <span class="foot">
          {row.mark === "failed" ? (
            <>
              <span class="error">{failureText(row.failure, t)}</span>
              <button type="button" class="link" onClick={() => onRetry(row.key)}>
                {t("failed.retry")}
              </button>
            </>
          ) : (
            <>
              <time dateTime={new Date(row.at).toISOString()} dir="auto" aria-hidden="true">
                {time}
              </time>
              {row.mine && <Mark mark={row.mark} t={t} />}
            </>
          )}
          {row.unkept && <Unkept t={t} />}
        </span>
      )}
    </li>
  );
}

const icons = {
  queued: () => <ClockIcon size={13} />,
  sent: CheckIcon,
  delivered: ChecksIcon,
  read: ChecksIcon,
  failed: () => null,
};

function Mark({ mark, t }: { mark: MessageRow["mark"]; t: Words["t"] }) {
  const MarkIcon = icons[mark];
  const text = t(`mark.${mark}`);
  return (
    <span class={`mark ${mark}`} title={text}>
      <MarkIcon />
      <span class="unseen">{text}</span>
    </span>
  );
}

/** Most are sent before anybody could read it. */
const patienceMs = 1_500;

/** Neither the browser nor the page would keep the message, so the visitor should know. */
function Unkept({ t }: { t: Words["t"] }) {
  return useSettled(true, patienceMs, false) && <span class="error">{t("mark.unkept")}</span>;
}

function failureText(failure: Refusal | undefined, t: Words["t"]): string {
  switch (failure?.code) {
    case "too_large":
      return t("failed.tooLarge");
    case "rate":
      return t("failed.rate");
    case "closed":
      return t("failed.closed");
    default:
      return t("failed.other");
  }
}
