import type { ComponentChildren, VNode } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./Icon.tsx";

/**
 * A modal dialog by the browser's own means: it keeps the focus, closes on Escape and gives the focus
 * back to what had it. On screen for as long as it is rendered.
 */
export function Dialog(props: {
  title: string;
  /** Hides the visible heading; the name stays for assistive technology. */
  bare?: boolean;
  kind?: string;
  closeLabel: string;
  onClose: () => void;
  children: ComponentChildren;
}): VNode {
  const { title, bare = false, kind = "", closeLabel, onClose, children } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const leaving = useRef(false);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => {
      // Closed before it leaves the page, or the browser would not give the focus back. The `close`
      // that follows is about this dialog, not about one that may have taken its place.
      leaving.current = true;
      dialog?.close();
    };
  }, []);
  return (
    // The key that matters here, Escape, is the browser's: it fires `cancel`, then `close`.
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog has Escape as its key
    <dialog
      ref={ref}
      class={`dialog ${kind}`}
      aria-labelledby={heading}
      onClose={() => leaving.current || onClose()}
      onClick={(event) => {
        if (event.target === ref.current) ref.current?.close();
      }}
    >
      <div class="dialog-body">
        <header class={bare ? "hidden" : "dialog-head"}>
          <h2 id={heading}>{title}</h2>
          {!bare && (
            <button type="button" class="icon-button" aria-label={closeLabel} onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
