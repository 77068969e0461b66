import {
  type FrameToHost,
  framePath,
  type HostConnect,
  type HostToFrame,
} from "#shared/protocol/host.ts";
import type { ParleyApi, Theme } from "./api.ts";
import { followViewport, holdPage } from "./fullScreen.ts";
import { launcherFailure, launcherFailures, launcherName } from "./launcherTexts.ts";
import { remembered } from "./remembered.ts";
import { styles } from "./styles.ts";
import { visitorToken } from "./visitorToken.ts";

/** How long the frame may take before the visitor is told, and it is fetched again. */
const patienceMs = 10_000;
/** A chat that is going on is followed unseen, once the page itself had time to load. */
const politenessMs = 1_000;

/**
 * Puts the launcher on the page and answers the page's handle to it. `origin`: where the frame comes
 * from. All of it is one element outside `body`, so that neither a transformed body nor a framework
 * that replaces it takes the chat away.
 */
export function startWidget(
  site: string,
  origin: string,
  wished: { locale: string | null; theme: Theme; accent: string },
): Omit<ParleyApi, "q"> {
  const host = document.createElement("parley-widget");
  const panel = document.createElement("div");
  const failure = document.createElement("p");
  const launcher = document.createElement("button");
  const sheet = new CSSStyleSheet();
  const root = host.attachShadow({ mode: "open" });
  const narrow = matchMedia("(width<480px),(height<480px)");
  const life = new AbortController();
  let { locale, theme } = wished;
  let labels: Partial<FrameToHost["labels"]> = {};
  let token: string | null = null;
  let frame: HTMLIFrameElement | undefined;
  /** Nobody else holds its other end. Without one nothing is said: `hello` will tell everything. */
  let port: MessagePort | undefined;
  let timer = 0;
  let releasePage: (() => void) | undefined;
  let prefilled = "";
  let open = false;
  let focus = false;
  let unread = 0;

  const lasting = remembered("localStorage", site);
  const ofTab = remembered("sessionStorage", site);
  const when = (target: EventTarget, event: string, act: (event: Event) => void) =>
    target.addEventListener(event, act, life);
  const send = <Name extends keyof HostToFrame>(call: Name, value: HostToFrame[Name]) =>
    port?.postMessage({ call, with: value });
  // What a page's handler throws is the page's: the browser reports it, and goes on here.
  const emit = (event: string, detail?: unknown) =>
    host.dispatchEvent(new CustomEvent(event, { detail }));

  const surroundings = () => ({ locale, theme, narrow: narrow.matches, page: document.URL });

  /** Makes everything on the page, and what the frame knows of it, what it should be now. */
  const draw = () => {
    launcher.style.cssText = lasting(":look") || `background:${wished.accent}`;
    panel.style.colorScheme = theme === "auto" ? "light dark" : theme;
    panel.className = `${open ? "o" : ""} ${port ? "c" : ""} ${narrow.matches ? "n" : ""}`;
    launcher.ariaExpanded = `${open}`;
    launcher.ariaLabel = labels[open ? "close" : unread ? "unread" : "open"] ?? launcherName;
    launcher.dataset.n = unread > 99 ? "99+" : `${unread || ""}`;
    if (frame) frame.title = labels.title ?? launcherName;
    // A script that comes early can find the page without its body; there is another time to draw.
    if (open && narrow.matches && document.body) releasePage ??= holdPage(ofTab);
    else releasePage = releasePage?.() as undefined;
    send("page", surroundings());
  };

  const tell = () => {
    if (open && focus) frame?.focus();
    send("open", { open, focus });
  };

  const load = () => {
    clearTimeout(timer);
    frame = document.createElement("iframe");
    frame.src = origin + framePath(site);
    panel.append(frame);
    timer = setTimeout(() => {
      failure.textContent =
        launcherFailures[(locale || navigator.language).slice(0, 2)] ?? launcherFailure;
      frame?.remove();
      frame = undefined;
      if (open) load();
    }, patienceMs);
  };

  const turn = (wanted: boolean, wantsFocus = true) => {
    // Nothing happens any more after `destroy`.
    if (wanted === open || !host.isConnected) return;
    open = wanted;
    focus = wantsFocus;
    if (open) launcher.hidden = false;
    ofTab(":open", open ? "1" : "");
    if (!frame) load();
    draw();
    tell();
    emit(open ? "open" : "close");
  };

  const prefill = (text: string) => {
    if (port && text) send("prefill", { text });
    prefilled = port ? "" : text;
  };

  // The frame may load again by itself, to fetch a new ticket: its new page gets a new port.
  when(window, "message", (event) => {
    const { source, origin: from, data } = event as MessageEvent;
    const view = frame?.contentWindow;
    if (!view || source !== view || from !== origin) return;
    if (data?.parley !== "ready" || data.v !== 1) return;
    clearTimeout(timer);
    token = visitorToken(token ?? lasting(""));
    const kept = lasting("", token) === token;
    const { port1, port2 } = new MessageChannel();
    view.postMessage(
      {
        parley: "connect",
        v: 1,
        hello: {
          token,
          kept,
          draft: ofTab(":draft"),
          outbox: ofTab(":outbox"),
          ...surroundings(),
        },
      } satisfies HostConnect,
      origin,
      [port2],
    );
    port = port1;
    port.onmessage = heard;
    draw();
    tell();
    prefill(prefilled);
  });

  // Every value is made what it is used as: whatever else came is as good as nothing.
  const heard = ({ data }: MessageEvent) => {
    const { call, with: sent } = Object(data);
    const value = Object(sent);
    if (call === "close") {
      turn(false);
      // A ring is for those who came by the keyboard.
      launcher.focus(value);
    }
    if (call === "unread") {
      unread = value.count >>> 0;
      emit(call, unread);
    }
    if (call === "labels") labels = value;
    if (call === "keep") {
      const { name, text, lasts } = value as FrameToHost["keep"];
      send("kept", { name, kept: (lasts ? lasting : ofTab)(`:${name}`, text) === text });
    }
    draw();
  };

  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  failure.role = "status";
  panel.append(failure);
  root.append(panel, launcher);
  document.documentElement.append(host);
  draw();

  const viewport = window.visualViewport as VisualViewport;
  const follow = () => followViewport(viewport, panel.style);
  follow();
  when(viewport, "scroll", follow);
  when(viewport, "resize", follow);
  when(narrow, "change", draw);
  // Never by patching `history`: two scripts that do undo each other.
  when(window.navigation ?? window, "navigatesuccess", draw);
  when(window, "popstate", draw);
  when(launcher, "click", () => turn(!open));
  when(launcher, "keydown", (event) => {
    if ((event as KeyboardEvent).key === "Escape") turn(false);
  });

  // What was on screen a page ago is again, without taking the focus.
  if (ofTab(":open")) turn(true, false);
  else if (lasting(":chat")) timer = setTimeout(load, politenessMs);

  return {
    open: () => turn(true),
    close: () => turn(false),
    toggle: () => turn(!open),
    show() {
      launcher.hidden = false;
    },
    hide() {
      turn(false);
      launcher.hidden = true;
    },
    isOpen: () => open,
    unread: () => unread,
    on(event, handler) {
      const hear = (e: Event) => handler((e as CustomEvent).detail);
      host.addEventListener(event, hear);
      return () => host.removeEventListener(event, hear);
    },
    setLocale(wanted) {
      locale = wanted;
      draw();
    },
    setTheme(wanted) {
      theme = wanted;
      draw();
    },
    prefill,
    destroy() {
      turn(false);
      clearTimeout(timer);
      life.abort();
      host.remove();
      delete window.Parley;
    },
  };
}
