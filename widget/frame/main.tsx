import "#shared/look/tokens.css";
import "./styles.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { browserStore } from "#shared/client/outboxStore.ts";
import { browserPages } from "#shared/client/pages.ts";
import { openVisitorSession } from "#shared/client/visitorSession.ts";
import { App } from "./app.tsx";
import { openChat, tellHost } from "./chat.ts";
import { frameData } from "./frameData.ts";
import { reloadForTicket } from "./freshTicket.ts";
import { connectHost } from "./host.ts";
import { followLook } from "./look.ts";
import { pageOutbox } from "./pageOutbox.ts";
import { Alone } from "./sentence.tsx";
import { followWords } from "./words.ts";

const root = document.getElementById("app") as HTMLElement;
const data = frameData(document);
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

const reloadMs = 5_000;

if (window.parent === window) await showAlone();
else {
  // Without its language's file there is nothing to show; the next load may find what this one missed.
  await showChat().catch((error) => {
    setTimeout(() => location.reload(), reloadMs);
    throw error;
  });
}

async function showChat() {
  const host = await connectHost(window, data.origins);
  void host.keep("look", followLook(document.documentElement, host.theme, data.accent), true);
  const words = await followWords(host.locale, navigator.languages, timeZone);
  const pages = browserPages();
  const session = openVisitorSession({
    url: location.origin,
    site: data.site,
    ticket: data.ticket,
    token: host.token,
    locale: words.peek().locale,
    zone: timeZone,
    page: host.page,
    storage: pageOutbox(browserStore(pages), pages, host),
  });
  const chat = openChat({ siteName: data.name, host, session, words });
  tellHost(chat);
  reloadForTicket(session.refusal, {
    // Not performance.now(), which may stand still while the machine sleeps.
    age: () => Date.now() - performance.timeOrigin,
    reload: () => location.reload(),
  });
  render(<App chat={chat} />, root);
}

async function showAlone() {
  followLook(document.documentElement, signal("auto"), data.accent);
  const words = await followWords(signal(null), navigator.languages, timeZone);
  const { language, t } = words.peek();
  document.documentElement.lang = language;
  render(<Alone t={t} />, root);
}
