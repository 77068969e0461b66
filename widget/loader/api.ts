/**
 * What a page's own script can do with the widget, as `window.Parley`. Before the script has loaded,
 * calls can be left in a list: `(window.Parley = window.Parley || { q: [] }).q.push(["open"])`.
 */
export type ParleyApi = {
  open(): void;
  close(): void;
  toggle(): void;
  /** Shows the launcher again after `hide`. */
  show(): void;
  /** Takes launcher and panel off the page; a chat goes on. */
  hide(): void;
  isOpen(): boolean;
  /** Messages the visitor has not read. */
  unread(): number;
  /** Calls `handler` from now on; the answer stops it. */
  on<Event extends keyof ParleyEvents>(
    event: Event,
    handler: (value: ParleyEvents[Event]) => void,
  ): () => void;
  /** A BCP 47 tag; null goes back to the page's or the browser's language. */
  setLocale(locale: string | null): void;
  setTheme(theme: Theme): void;
  /** Puts words into the visitor's composer, for them to send or change. */
  prefill(text: string): void;
  /** Removes everything; including the script again starts anew. */
  destroy(): void;
  /** Calls by name, made at once. */
  readonly q: { push: (...calls: QueuedCall[]) => void };
};

export type ParleyEvents = { open: undefined; close: undefined; unread: number };
export type Theme = "light" | "dark" | "auto";
export type QueuedCall = readonly [method: string, ...values: unknown[]];

declare global {
  interface Window {
    Parley?: ParleyApi | { q?: Iterable<QueuedCall>; destroy?: never };
  }
}
