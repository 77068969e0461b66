import "#shared/look/tokens.css";
import "./look/console.css";
import { render } from "preact";
import { openAgentSession } from "#shared/client/agentSession.ts";
import { App } from "./App.tsx";
import { followAppearance } from "./preferences/followAppearance.ts";
import { openPreferences } from "./preferences/preferences.ts";
import { browserStorage } from "./preferences/storage.ts";
import { httpAccounts } from "./signin/accounts.ts";
import { openSpeech } from "./text/speech.ts";

const storage = browserStorage();
const preferences = openPreferences(storage);
const { speech, ready } = openSpeech(preferences, navigator.languages);
followAppearance(preferences, speech);
await ready;

const root = document.getElementById("console");
if (!root) throw new Error("index.html has no place for the console");
render(
  <App
    world={{
      accounts: httpAccounts(),
      preferences,
      speech,
      storage,
      openSession: (_, { locale }) =>
        openAgentSession({
          url: location.origin,
          locale,
          zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        }),
    }}
  />,
  root,
);
