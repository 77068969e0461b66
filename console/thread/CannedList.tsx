import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { CannedReply } from "#shared/protocol/sockets.ts";
import { useSpeech } from "../shell/workbench.ts";

/**
 * What `/` offers. The focus stays in the text; the text's aria-activedescendant points here, so
 * options have ids made of the list's.
 */
export function CannedList(props: {
  id: string;
  replies: readonly CannedReply[];
  /** The reply as it would be inserted. */
  fill: (text: string) => string;
  active: number;
  onPick: (reply: CannedReply) => void;
  onPoint: (index: number) => void;
}): VNode {
  const { id, replies, fill, active, onPick, onPoint } = props;
  const { t } = useSpeech();
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active, replies]);
  return (
    <div class="canned">
      <p class="hidden" role="status">
        {replies.length === 0
          ? t("composer.cannedNone")
          : t("composer.cannedCount", { count: replies.length })}
      </p>
      {replies.length === 0 ? (
        <p class="canned-none">{t("composer.cannedNone")}</p>
      ) : (
        <div
          ref={list}
          id={id}
          role="listbox"
          aria-label={t("composer.canned")}
          class="canned-list"
        >
          {replies.map((reply, index) => (
            // Keys reach it through the text, which keeps the focus.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={reply.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              class="canned-option"
              onPointerMove={() => index !== active && onPoint(index)}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(reply)}
            >
              <span class="canned-title">
                <strong>{reply.title}</strong>
                <code>/{reply.shortcut}</code>
              </span>
              <span class="canned-text">{fill(reply.text)}</span>
            </div>
          ))}
        </div>
      )}
      <p class="canned-hint" aria-hidden="true">
        {t("composer.cannedHint")}
      </p>
    </div>
  );
}
