import type { VNode } from "preact";
import { useId, useMemo, useRef, useState } from "preact/hooks";
import type { Thread } from "#shared/client/agentSession.ts";
import { refusalText, useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { Because } from "./Because.tsx";
import {
  type Block,
  blocks,
  type MessageRow,
  type NoteRow,
  type SystemRow,
  sameBlock,
} from "./blocks.ts";
import { PlainText } from "./PlainText.tsx";
import { useNameOf, useSayWho } from "./people.ts";
import { systemText } from "./systemText.ts";

type Sender = Pick<Thread, "retry" | "discard">;

/** The conversation as it went. Only the rows: scrolling and announcing are around it. */
export function Timeline({ thread, visitor }: { thread: Thread; visitor: string }): VNode {
  const { moments } = useSpeech();
  const rows = thread.timeline.value;
  const made = useMemo(() => blocks(rows, moments.sameDay), [rows, moments]);
  const drawn = useRef(new Map<string, { block: Block; visitor: string; view: VNode }>());
  const next: typeof drawn.current = new Map();
  const views = made.map((block) => {
    const before = drawn.current.get(block.key);
    // The very same view again tells Preact that there is nothing to compare: a new line costs one
    // line, however long the conversation is.
    const same = before?.visitor === visitor && sameBlock(before.block, block);
    const view = same ? (
      before.view
    ) : (
      <BlockView key={block.key} block={block} thread={thread} visitor={visitor} />
    );
    next.set(block.key, { block, visitor, view });
    return view;
  });
  drawn.current = next;
  return <>{views}</>;
}

function BlockView(props: { block: Block; thread: Sender; visitor: string }): VNode | null {
  const { block, thread, visitor } = props;
  const { now } = useWorkbench();
  const { moments } = useSpeech();
  switch (block.kind) {
    case "day":
      // Peeked: a day's name changes at midnight only, and midnight draws the next day anyway.
      return (
        <h3 class="day">
          <span>{moments.day(block.at, now.peek())}</span>
        </h3>
      );
    case "messages":
      return <Messages rows={block.rows} thread={thread} visitor={visitor} />;
    case "note":
      return <Note row={block.row} thread={thread} visitor={visitor} />;
    case "system":
      return <System row={block.row} visitor={visitor} />;
  }
}

function Messages(props: {
  rows: readonly MessageRow[];
  thread: Sender;
  visitor: string;
}): VNode | null {
  const { rows, thread, visitor } = props;
  const sayWho = useSayWho(visitor);
  const [first] = rows;
  if (!first) return null;
  const who = sayWho(first.by);
  const side = first.by.kind === "visitor" ? "theirs" : first.mine ? "ours" : "ours colleague";
  return (
    <div class={`group ${side}`}>
      {first.mine ? null : (
        <p class="who" aria-hidden="true">
          <bdi>{who}</bdi>
        </p>
      )}
      {rows.map((row, index) => (
        <div key={row.key} class={`message${row.mark === "failed" ? " failed" : ""}`}>
          <span class="hidden">{who}: </span>
          <p class="bubble" dir="auto">
            <PlainText text={row.text} />
          </p>
          <Foot row={row} thread={thread} last={index === rows.length - 1} marks={row.mine} />
        </div>
      ))}
    </div>
  );
}

const markIcons: Record<MessageRow["mark"], IconName> = {
  queued: "clock",
  sent: "check",
  delivered: "checks",
  read: "checks",
  failed: "alert",
};

/** Time and how far it got. Always there for assistive technology; for the eye where it tells something. */
function Foot(props: {
  row: MessageRow | NoteRow;
  thread: Sender;
  last: boolean;
  marks: boolean;
}): VNode {
  const { row, thread, last, marks } = props;
  const speech = useSpeech();
  const { t, moments } = speech;
  if (row.mark === "failed") {
    return (
      <p class="foot failed">
        <Icon name="alert" size={16} />
        <span>
          {t("mark.failed")}. {row.failure && refusalText(speech, row.failure)}{" "}
          {row.unkept && t("mark.unkept")}
        </span>
        <button type="button" class="link" onClick={() => thread.retry(row.key)}>
          {t("message.retry")}
        </button>
        <button type="button" class="link" onClick={() => thread.discard(row.key)}>
          {t("message.discard")}
        </button>
      </p>
    );
  }
  const shown = last || row.mark === "queued";
  return (
    <p class={`foot${shown ? "" : " quiet"}`}>
      <time dateTime={new Date(row.at).toISOString()} title={moments.full(row.at)}>
        {moments.time(row.at)}
      </time>
      {marks && (
        <span class={`mark mark-${row.mark}`} title={t(`mark.${row.mark}`)}>
          <Icon name={markIcons[row.mark]} size={16} />
          <span class="hidden">{t(`mark.${row.mark}`)}</span>
        </span>
      )}
      {row.unkept && <span>{t("mark.unkept")}</span>}
    </p>
  );
}

function Note(props: { row: NoteRow; thread: Sender; visitor: string }): VNode {
  const { row, thread, visitor } = props;
  const { t } = useSpeech();
  const sayWho = useSayWho(visitor);
  return (
    <div class={`note${row.mark === "failed" ? " failed" : ""}`}>
      <p class="note-head">
        <Icon name="lock" size={16} />
        <strong>{t(row.about === "transfer" ? "note.transfer" : "note.label")}</strong>
        <span>
          <bdi>{sayWho(row.by)}</bdi> · {t("note.team")}
        </span>
      </p>
      <p class="note-text" dir="auto">
        <PlainText text={row.text} />
      </p>
      <Foot row={row} thread={thread} last marks={row.mark === "queued"} />
    </div>
  );
}

function System({ row, visitor }: { row: SystemRow; visitor: string }): VNode | null {
  const { account } = useWorkbench();
  const speech = useSpeech();
  const nameOf = useNameOf();
  const [open, setOpen] = useState(false);
  const reason = useId();
  const { event } = row;
  const text = systemText(event, { visitor, me: account.id, nameOf }, speech);
  if (text === null) return null;
  const time = (
    <time dateTime={new Date(row.at).toISOString()} title={speech.moments.full(row.at)}>
      {speech.moments.time(row.at)}
    </time>
  );
  if (event.kind !== "assigned" || !event.because) {
    return (
      <div class="system">
        <p class="system-line">
          <bdi>{text}</bdi> {time}
        </p>
      </div>
    );
  }
  return (
    <div class="system">
      <p class="system-line">
        <bdi>{text}</bdi>{" "}
        <button
          type="button"
          class="link"
          aria-expanded={open}
          aria-controls={reason}
          onClick={() => setOpen(!open)}
        >
          {speech.t("because.open")}
          <Icon name={open ? "down" : "right"} size={14} />
        </button>{" "}
        {time}
      </p>
      <div id={reason} hidden={!open}>
        <Because
          because={event.because}
          agent={event.body.agent}
          name={event.body.name}
          at={event.at}
        />
      </div>
    </div>
  );
}
