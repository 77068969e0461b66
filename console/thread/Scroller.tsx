import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Thread } from "#shared/client/agentSession.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import { useSpeech } from "../shell/workbench.ts";
import { Icon } from "../ui/Icon.tsx";
import { Timeline } from "./Timeline.tsx";

/** Closer to the end than this counts as being there. */
const nearEnd = 64;

/**
 * Keeps the newest line in view while the reader is at the end, and never moves what they read
 * otherwise: new lines are then counted on a button. What the visitor writes is announced once, apart
 * from the log, so that opening a chat does not read out its whole history.
 */
export function Scroller(props: { thread: Thread; visitor: string; mine: boolean }): VNode {
  const { thread, visitor, mine } = props;
  const { t } = useSpeech();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const seen = useRef<number | null>(null);
  const pending = useRef<string | null>(null);
  const [below, setBelow] = useState(0);
  const [announced, announce] = useState("");
  const rows = thread.timeline.value;
  const ready = thread.ready.value;

  const toEnd = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
    atEnd.current = true;
    setBelow(0);
  };

  // The reader's own size changes (window, growing composer) keep the end in view as new lines do.
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => atEnd.current && toEnd());
    for (const element of [scroller.current, content.current]) {
      if (element) observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!ready) return;
    const last = seen.current;
    const newest = rows.findLast((row) => row.kind === "message" && row.by.kind === "visitor");
    const seq = newest?.kind === "message" ? (newest.seq ?? 0) : 0;
    seen.current = seq;
    if (last === null) {
      toEnd();
      return;
    }
    const fresh = rows.filter((row) => isFrom(row, last));
    if (fresh.length > 0) {
      announce(fresh.map((row) => t("thread.said", { name: visitor, text: row.text })).join("\n"));
    }
    // What one has just sent is shown, wherever one was reading.
    const sending = rows.findLast((row) => row.seq === null)?.key ?? null;
    const sent = sending !== null && sending !== pending.current;
    pending.current = sending;
    if (atEnd.current || sent) toEnd();
    else if (fresh.length > 0) setBelow((count) => count + fresh.length);
  }, [rows, ready]);

  // Read is what is on screen of the one who answers, while they are there. Who only looks in does not
  // count: the visitor would take it for an answer on its way.
  useEffect(() => {
    const look = () => {
      if (mine && ready && below === 0 && atEnd.current && document.hasFocus()) thread.read();
    };
    look();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [thread, rows, ready, below, mine]);

  const typing = thread.visitorTyping.value;
  return (
    <div class="thread-middle">
      <div
        ref={scroller}
        class="thread-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t("thread.label", { name: visitor })}
        onScroll={({ currentTarget: element }) => {
          atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearEnd;
          if (atEnd.current && below > 0) setBelow(0);
        }}
      >
        <div ref={content} class="thread-content">
          {ready ? <Timeline thread={thread} visitor={visitor} /> : <Loading />}
          <p class="typing" data-on={typing} aria-hidden={!typing}>
            {typing && (
              <>
                <span class="typing-dots" aria-hidden="true">
                  <i />
                  <i />
                  <i />
                </span>
                {t("thread.typing", { name: visitor })}
              </>
            )}
          </p>
        </div>
      </div>
      <p class="hidden" role="status">
        {announced}
      </p>
      {below > 0 && (
        <button type="button" class="pill" onClick={toEnd} title={t("thread.toEnd")}>
          {t("thread.newMessages", { count: below })}
          <Icon name="down" size={16} />
        </button>
      )}
    </div>
  );
}

type Spoken = Extract<TimelineRow, { kind: "message" }>;

const isFrom = (row: TimelineRow, seq: number): row is Spoken =>
  row.kind === "message" && row.by.kind === "visitor" && (row.seq ?? 0) > seq;

const Loading = (): VNode => {
  const { t } = useSpeech();
  return (
    <div class="skeleton skeleton-thread" role="status">
      <span class="hidden">{t("thread.loading")}</span>
      {(["theirs", "ours", "theirs", "ours"] as const).map((side, index) => (
        <span key={index} class={`skeleton-bubble ${side}`} aria-hidden="true" />
      ))}
    </div>
  );
};
