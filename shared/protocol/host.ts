/**
 * What the loader (host page) and the frame (the widget's app) say to each other. The frame says
 * `ready` once by window.postMessage; the loader answers with a MessagePort, and from then on both
 * talk only through that port. Each member of the two maps is one call with one plain object.
 */

/** Query-free address of the frame for a site; relative to PUBLIC_URL. */
export const framePath = (site: string): string => `/frame/${encodeURIComponent(site)}`;

/** The only message ever sent through a window: everything else goes through the port handed over with `connect`. */
export type FrameReady = { parley: "ready"; v: 1 };
export type HostConnect = { parley: "connect"; v: 1; hello: HostHello };

export type HostHello = {
  /** The visitor's token for this site: 43 characters of base64url, 32 random bytes. */
  token: string;
  /** False when the host page could not keep the token: a reload will start anew. */
  kept: boolean;
  /** What the visitor had half written on the page before, in this tab. */
  draft: string | null;
  /** What was not sent on the page before, in this tab, as the frame gave it to be kept. */
  outbox: string | null;
} & Surroundings;

/** The page around the frame, as it is now. */
export type Surroundings = {
  locale: string | null;
  theme: "light" | "dark" | "auto";
  /** Full screen on a small viewport, otherwise a panel. */
  narrow: boolean;
  page: string;
};

/** Loader → frame. */
export type HostToFrame = {
  /** The panel was opened or closed. `focus` is false when nobody asked just now: it was open on the page before. */
  open: { open: boolean; focus: boolean };
  page: Surroundings;
  prefill: { text: string };
  /** Answers each `keep`, in their order: whether the page could. */
  kept: { name: Kept; kept: boolean };
};

/** Frame → loader. */
export type FrameToHost = {
  /** The visitor closed the panel from inside (button or Escape): focus goes back to the launcher. */
  close: { focusVisible: boolean };
  unread: { count: number };
  /**
   * Kept on the page's side, as the token is: the frame's own storage is blocked in many browsers. At
   * most 64 kB; with the tab, or as long as the page's storage when it `lasts`.
   */
  keep: { name: Kept; text: string; lasts: boolean };
  /** Localised accessible names: the launcher's (`unread` holds the present count) and the iframe's title. */
  labels: { open: string; close: string; unread: string; title: string };
};

/**
 * What the page keeps. `look`: the launcher's style in the site's accent. `chat`: not empty while a
 * conversation is open; the loader then starts the frame on every page, so that answers are noticed.
 * `draft`: what is half written. `outbox`: what was written and is not sent, where the frame can't keep it.
 */
export type Kept = "look" | "chat" | "draft" | "outbox";

export type Call<Calls> = { [K in keyof Calls]: { call: K; with: Calls[K] } }[keyof Calls];
