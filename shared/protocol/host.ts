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
  locale: string | null;
  theme: "light" | "dark" | "auto";
  /** Full screen on a small viewport, otherwise a panel. */
  narrow: boolean;
  page: string;
  /** What the visitor had half written on the page before, in this tab. */
  draft: string | null;
};

/** Loader → frame. */
export type HostToFrame = {
  /** The panel was opened or closed. `focus` is false when nobody asked just now: it was open on the page before. */
  open: { open: boolean; focus: boolean };
  page: { url: string };
  viewport: { narrow: boolean };
  theme: { theme: "light" | "dark" | "auto" };
  locale: { locale: string | null };
  prefill: { text: string };
};

/** Frame → loader. */
export type FrameToHost = {
  /** The visitor closed the panel from inside (button or Escape): focus goes back to the launcher. */
  close: { focusVisible: boolean };
  /** Kept on the page's side, as the token is: the frame's own storage is blocked in many browsers. */
  draft: { text: string };
  unread: { count: number };
  /** Site accent as #rrggbb once known, so that the launcher matches. */
  theme: { accent: string | null; onAccent: string };
  /** Localised accessible names: the launcher's (`unread` holds the present count) and the iframe's title. */
  labels: { open: string; close: string; unread: string; title: string };
  /** While a conversation is open the loader starts the frame on every page, so that answers are noticed. */
  chat: { open: boolean };
};

export type Call<Calls> = { [K in keyof Calls]: { call: K; with: Calls[K] } }[keyof Calls];
