import "#shared/look/tokens.css";
import "../look/console.css";
import { signal } from "@preact/signals";
import { render } from "preact";
import { App } from "../App.tsx";
import { followAppearance } from "../preferences/followAppearance.ts";
import { openPreferences } from "../preferences/preferences.ts";
import { browserStorage } from "../preferences/storage.ts";
import { addressOf } from "../routes/place.ts";
import type { Clock } from "../shell/clock.ts";
import type { Accounts, SignedIn } from "../signin/accounts.ts";
import { openSpeech } from "../text/speech.ts";
import { account, chat, now } from "./cast.ts";
import { fakeSession } from "./fakeSession.ts";
import "./window.ts";
import { type Scene, type SceneName, scenes } from "./scenes.ts";

/**
 * The whole console on invented data: /console/gallery/?scene=chat. For development and tests; the
 * product's build never sees it.
 */
const name = new URLSearchParams(location.search).get("scene") ?? "chat";
const scene: Scene | undefined = scenes[name as SceneName];
if (!scene) throw new Error(`No scene ${name}; there are ${Object.keys(scenes).join(", ")}`);
history.replaceState(null, "", addressOf(scene.place));

const storage = browserStorage();
if (scene.drafts) storage?.setItem(`parley.drafts.${account.id}`, JSON.stringify(scene.drafts));
const preferences = openPreferences(storage);
const { speech, ready } = openSpeech(preferences, navigator.languages, "Europe/Warsaw");
followAppearance(preferences, speech);
await ready;

const accounts: Accounts = {
  async current() {
    if (scene.door === "unreachable") throw new Error("unreachable, as the scene says");
    return scene.start ? account : null;
  },
  async signIn(): Promise<SignedIn> {
    if (scene.door === "rate") return { ok: false, why: "rate", retryAfterMs: 42_000 };
    return { ok: false, why: scene.door === "network" ? "network" : "wrong" };
  },
  async signOut() {},
};

/** Time stands still. */
const still = (): Clock => ({ now: signal(now), agree: () => undefined, stop: () => undefined });

window.gallery = { session: null, chat };
const root = document.getElementById("console");
if (!root) throw new Error("index.html has no place for the console");
render(
  <App
    world={{
      accounts,
      preferences,
      speech,
      storage,
      startClock: still,
      openSession: () => {
        if (!scene.start) throw new Error("nobody is signed in in this scene");
        window.gallery.session = fakeSession(scene.start);
        return window.gallery.session;
      },
    }}
  />,
  root,
);
