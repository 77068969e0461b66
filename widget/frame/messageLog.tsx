import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "./chat.ts";
import { DownIcon } from "./icons.tsx";
import { type Item, layout } from "./layout.ts";
import { MessageItem } from "./messageItem.tsx";

/** This close to the end counts as being there. */
const nearPx = 48;
/** How long what is there at opening may take to arrive before the log starts to announce. */
const quietMs = 1_000;

/**
 * The conversation, growing downwards. It stays at the end while the visitor is there; while they
 * read further up nothing moves, and a pill says what came.
 */
export function MessageLog({ chat }: { chat: Chat }) {
  const { host, session, words } = chat;
  const items = useComputed(() => layout(session.timeline.value, chat.now(), words.value));
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const atEnd = useSignal(true);
  const missed = useSignal(0);
  const live = useSignal(false);
  const seen = useRef<ReadonlySet<string>>(new Set());
  const { t } = words.value;

  const toEnd = () => {
    const { current } = scroller;
    if (current) current.scrollTop = current.scrollHeight;
  };
  const onScroll = () => {
    const { current } = scroller;
    if (!current) return;
    const { scrollTop } = current;
    const near = current.scrollHeight - scrollTop - current.clientHeight < nearPx;
    // Only going up leaves the end; that the end moved away is for the observer below.
    if (near || scrollTop < lastTop.current) atEnd.value = near;
    if (near) missed.value = 0;
    lastTop.current = scrollTop;
  };

  const shown = items.value;
  useLayoutEffect(() => {
    const added = shown.filter(({ key }) => !seen.current.has(key));
    const first = seen.current.size === 0;
    seen.current = new Set(shown.map(({ key }) => key));
    if (added.length === 0) return;
    if (first || atEnd.peek() || added.some(isMine)) toEnd();
    else missed.value += added.filter((item) => item.kind === "message").length;
  }, [shown, atEnd, missed]);

  // The keyboard, the composer's growth and a new width all move the end away.
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (atEnd.peek()) toEnd();
    });
    for (const { current } of [scroller, content]) if (current) observer.observe(current);
    const timer = setTimeout(() => {
      live.value = true;
    }, quietMs);
    return () => {
      observer.disconnect();
      clearTimeout(timer);
    };
  }, []);

  // Read is what was on screen, in an open panel of a visible page.
  const visible = useSignal(!document.hidden);
  useEffect(() => {
    const look = () => {
      visible.value = !document.hidden;
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [visible]);
  useSignalEffect(() => {
    session.timeline.value;
    if (host.open.value && visible.value && atEnd.value && session.unread.value > 0) session.read();
  });

  return (
    <div class="log">
      {/* Without aria-live until what was there is there: the whole past would be read out. */}
      <div
        class="scroller"
        ref={scroller}
        onScroll={onScroll}
        role="log"
        aria-label={t("log.label")}
        aria-live={live.value ? "polite" : "off"}
        aria-relevant="additions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div ref={content}>
          <ol class="items">
            {shown.map((item) => (
              <LogItem key={item.key} item={item} chat={chat} />
            ))}
          </ol>
          {session.agentTyping.value && (
            <div class="typing" aria-hidden="true">
              <span />
              <span />
              <span />
            </div>
          )}
        </div>
      </div>
      {!atEnd.value && (
        <button type="button" class={missed.value > 0 ? "pill new" : "pill"} onClick={toEnd}>
          <DownIcon />
          {missed.value > 0 ? (
            t("pill.new", { count: missed.value })
          ) : (
            <span class="unseen">{t("pill.latest")}</span>
          )}
        </button>
      )}
    </div>
  );
}

const isMine = (item: Item) => item.kind === "message" && item.row.mine;

function LogItem({ item, chat }: { item: Item; chat: Chat }) {
  const words = chat.words.value;
  switch (item.kind) {
    case "day":
      return <li class="day">{item.label}</li>;
    case "line":
      return (
        <li class="line" title={words.moments.full(item.at)}>
          {item.text}
        </li>
      );
    case "message":
      return <MessageItem item={item} words={words} onRetry={chat.session.retry} />;
  }
}
