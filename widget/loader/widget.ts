import { type Call, type FrameToHost, framePath, type HostHello } from "#shared/protocol/host.ts";
import type { ParleyApi, Theme } from "./api.ts";
import { type FrameLink, linkFrame } from "./frameLink.ts";
import { fillScreen } from "./fullScreen.ts";
import { englishLauncher, launcherTexts } from "./launcherTexts.ts";
import { remembered } from "./remembered.ts";
import { surface } from "./surface.ts";
import { visitorToken } from "./visitorToken.ts";

/** How long the frame may take before the visitor is told that something is wrong. */
const patienceMs = 10_000;

/** Puts the launcher on the page and answers the page's handle to it. `origin`: where the frame comes from. */
export function startWidget(
  site: string,
  origin: string,
  wished: { locale: string | null; theme: Theme; accent: string },
): ParleyApi {
  let { locale, theme } = wished;
  const { host, launcher, badge, panel, retry } = surface();
  const narrow = matchMedia("(max-width:479.98px),(max-height:479.98px)");
  const handlers = new Set<(event: string, value?: unknown) => void>();
  const gone = new AbortController();
  const [chat, again] =
    launcherTexts[(locale || navigator.language).slice(0, 2)] ?? englishLauncher;
  let labels = { open: chat, close: chat, unread: chat, title: chat };
  let token: string | null = null;
  let frame: HTMLIFrameElement | undefined;
  let link: FrameLink | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let leaveFullScreen: (() => void) | undefined;
  let prefilled: string | undefined;
  let isConnected = false;
  let isOpen = false;
  let focus = false;
  let unread = 0;

  const when = (target: EventTarget, event: string, act: (event: Event) => void) =>
    target.addEventListener(event, act, gone);

  const emit = (event: string, value?: unknown) => {
    for (const handler of handlers) handler(event, value);
  };

  const draw = () => {
    launcher.ariaLabel = isOpen ? labels.close : unread ? labels.unread : labels.open;
    launcher.ariaExpanded = `${isOpen}`;
    badge.textContent = isOpen || !unread ? "" : unread > 99 ? "99+" : `${unread}`;
    if (frame) frame.title = labels.title;
    const [, fill = "#3f51d1", ink = "#fff"] =
      /^(#\w{6}) ?(#\w{6})?$/.exec(remembered("localStorage", site, ":look") || wished.accent) ??
      [];
    host.style.setProperty("--a", fill);
    host.style.setProperty("--o", ink);
    panel.style.setProperty("color-scheme", theme === "auto" ? "light dark" : theme);
  };

  const place = () => {
    const full = isOpen && narrow.matches;
    panel.classList.toggle("n", narrow.matches);
    panel.classList.toggle("o", isOpen);
    if (full) leaveFullScreen ??= fillScreen(panel);
    else leaveFullScreen = leaveFullScreen?.() as undefined;
    link?.send("viewport", { narrow: narrow.matches });
  };

  const hello = (): HostHello => {
    token = visitorToken(token ?? remembered("localStorage", site, ""));
    const kept = remembered("localStorage", site, "", token) === token;
    return { token, kept, locale, theme, narrow: narrow.matches, page: location.href };
  };

  const heard = ({ call, with: value }: Call<FrameToHost>) => {
    if (call === "close") {
      close();
      launcher.focus();
    } else if (call === "unread") {
      if (value.count !== unread) emit(call, value.count);
      unread = value.count;
    } else if (call === "theme") {
      remembered("localStorage", site, ":look", `${value.accent} ${value.onAccent}`);
    } else if (call === "labels") {
      labels = value;
    } else {
      remembered("localStorage", site, ":chat", value.open ? "1" : "");
    }
    draw();
  };

  const connected = () => {
    clearTimeout(patience);
    isConnected = true;
    panel.className = "c";
    place();
    link?.send("open", { open: isOpen, focus });
    if (prefilled !== undefined) link?.send("prefill", { text: prefilled });
    prefilled = undefined;
  };

  const load = () => {
    frame?.remove();
    link?.end();
    panel.classList.remove("e");
    frame = document.createElement("iframe");
    frame.src = origin + framePath(site);
    panel.append(frame);
    link = linkFrame(frame, origin, hello, heard, connected);
    patience = setTimeout(() => panel.classList.add("e"), patienceMs);
    draw();
  };

  const turn = (open: boolean, wantsFocus: boolean) => {
    // Nothing happens any more after `destroy`.
    if (open === isOpen || !host.isConnected) return;
    isOpen = open;
    focus = wantsFocus;
    remembered("sessionStorage", site, ":open", open ? "1" : "");
    if (!frame) load();
    place();
    draw();
    if (open && focus) frame?.focus();
    link?.send("page", { url: location.href });
    link?.send("open", { open, focus });
    emit(open ? "open" : "close");
  };
  const show = () => {
    host.hidden = false;
  };
  const open = () => {
    show();
    turn(true, true);
  };
  const close = () => turn(false, true);
  const toggle = () => (isOpen ? close() : open());

  retry.textContent = again;
  when(retry, "click", load);
  when(launcher, "click", toggle);
  when(launcher, "keydown", (event) => {
    if ((event as KeyboardEvent).key === "Escape") close();
  });
  when(narrow, "change", place);
  // Never by patching `history`: two scripts that do undo each other. Where the navigation API is
  // missing, pushState goes unnoticed until the panel is opened or closed.
  for (const event of ["navigatesuccess", "popstate", "hashchange"]) {
    when(event === "navigatesuccess" ? (window.navigation ?? window) : window, event, () =>
      link?.send("page", { url: location.href }),
    );
  }

  draw();
  // What was on screen a page ago is again, without taking the focus. A chat that is going on is
  // followed unseen, once the page itself has what it needs.
  const follow = () => {
    if (!frame && remembered("localStorage", site, ":chat")) load();
  };
  if (remembered("sessionStorage", site, ":open")) turn(true, false);
  else if (document.readyState === "complete") follow();
  else when(window, "load", follow);

  return {
    open,
    close,
    toggle,
    show,
    hide() {
      close();
      host.hidden = true;
    },
    isOpen: () => isOpen,
    unread: () => unread,
    on(event, handler) {
      // In a task of its own: what a page's handler throws is the page's, and reported as such.
      const call = (name: string, value: unknown) => {
        if (name === event) setTimeout(handler as (value: unknown) => void, 0, value);
      };
      handlers.add(call);
      return () => handlers.delete(call);
    },
    setLocale(wanted) {
      locale = wanted;
      link?.send("locale", { locale });
    },
    setTheme(wanted) {
      theme = wanted;
      draw();
      link?.send("theme", { theme });
    },
    prefill(text) {
      if (isConnected) link?.send("prefill", { text });
      else prefilled = text;
    },
    destroy() {
      close();
      clearTimeout(patience);
      gone.abort();
      handlers.clear();
      link?.end();
      host.remove();
      delete window.Parley;
    },
    q: { push() {} },
  };
}
