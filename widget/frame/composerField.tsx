import type { Ref } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type Props = {
  id: string;
  label: string;
  value: string;
  placeholder: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  rows?: number;
  onText(text: string): void;
  onSend(): void;
  fieldRef?: Ref<HTMLTextAreaElement>;
};

/** A text field that grows with its words; Enter sends, Shift + Enter makes a new line. */
export function ComposerField(props: Props) {
  const { id, label, value, placeholder, describedBy, invalid = false, rows = 1 } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.height = "auto";
    current.style.height = `${current.scrollHeight + current.offsetHeight - current.clientHeight}px`;
  }, [value]);

  return (
    <textarea
      ref={field}
      id={id}
      class="field"
      rows={rows}
      dir="auto"
      enterkeyhint="send"
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      placeholder={placeholder}
      value={value}
      onInput={(event) => props.onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        // While an input method composes, Enter picks a word (229 is how Safari says so).
        if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) {
          return;
        }
        event.preventDefault();
        props.onSend();
      }}
    />
  );
}
