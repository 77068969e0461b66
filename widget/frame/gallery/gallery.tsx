/**
 * The widget in every state it can be in, without a server: `?state=talking&theme=dark&lang=pl`, and
 * `accent`, `names=long`, `kept=no`, `narrow=yes`. For eyes and tests; no build that is served has it.
 */
import "#shared/look/tokens.css";
import "../styles.css";
import { render } from "preact";
import { App } from "../app.tsx";
import { openChat, tellHost } from "../chat.ts";
import { followLook } from "../look.ts";
import { Alone } from "../sentence.tsx";
import { followWords } from "../words.ts";
import { fakeHost, fakeSession } from "./fakes.ts";
import "./window.ts";
import { enact, galleryNow, long, ordinary } from "./states.ts";

const asked = new URLSearchParams(location.search);
const root = document.getElementById("app") as HTMLElement;
const names = asked.get("names") === "long" ? long : ordinary;
const theme = asked.get("theme") === "dark" ? "dark" : "light";
const host = fakeHost({
  locale: asked.get("lang"),
  theme,
  narrow: asked.get("narrow") === "yes",
  kept: asked.get("kept") !== "no",
  draft: asked.get("draft"),
});
const session = fakeSession();
const words = await followWords(host.locale, ["en"], "Europe/Warsaw");
const state = asked.get("state") ?? "startHere";

followLook(document.documentElement, host.theme, asked.get("accent"));
if (state === "alone") {
  const { t } = words.peek();
  render(<Alone t={t} />, root);
} else {
  enact(session, state, names);
  const chat = openChat({
    siteName: names.site,
    host,
    session,
    words,
    now: () => galleryNow,
  });
  tellHost(chat);
  render(<App chat={chat} />, root);
  if (state === "ending") chat.ending.value = true;
}
window.widgetGallery = { session, host };
