import type { VNode } from "preact";
import { useCallback, useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import type { DeclaredStatus } from "#shared/model/agent.ts";
import { useAlerts } from "../alerts/useAlerts.ts";
import { useBadge } from "../alerts/useBadge.ts";
import { Inbox } from "../inbox/Inbox.tsx";
import { listed } from "../inbox/listed.ts";
import { visitorName } from "../inbox/visitorName.ts";
import { Help } from "../keys/Help.tsx";
import { listenForKeys } from "../keys/listenForKeys.ts";
import { Palette } from "../keys/Palette.tsx";
import { useAction } from "../keys/useAction.ts";
import { PreferencesDialog } from "../preferences/PreferencesDialog.tsx";
import type { Preferences } from "../preferences/preferences.ts";
import { addressOf, type Place, placeOf } from "../routes/place.ts";
import { ThreadPane } from "../thread/ThreadPane.tsx";
import { Banner } from "./Banner.tsx";
import { Nav } from "./Nav.tsx";
import { NoThread } from "./NoThread.tsx";
import { SignOutDialog } from "./SignOutDialog.tsx";
import { Toast } from "./Toast.tsx";
import { refusalText, useSpeech, useWorkbench } from "./workbench.ts";

/** Everything a signed-in agent sees: navigation, list, thread, details, and what lies over them. */
export function Shell(): VNode {
  const { session, commands, preferences, dialog } = useWorkbench();
  const { t } = useSpeech();
  const { path, query, route } = useLocation();
  const place = placeOf(path, query);
  const { view, chat } = place;
  const go = useCallback((to: Place, replace = false) => route(addressOf(to), replace), [route]);

  useEffect(() => listenForKeys(document, commands, preferences), [commands, preferences]);
  useEverywhereActions(place, go);
  useAlerts(chat, (id) => go({ view: "mine", chat: id }));

  useEffect(() => session.follow("parked"), [session]);
  const row = listed(session, chat);
  useBadge(row ? visitorName(row.conversation, t) : t(`nav.${view}`));

  // The first chat shown came with the address; every later one was chosen.
  const first = useRef(chat);
  const chosen = first.current !== chat;
  useEffect(() => {
    if (chosen) first.current = null;
  }, [chosen]);

  return (
    <div class="shell" data-thread={chat !== null}>
      <a class="skip" href="#thread">
        {t("nav.skip")}
      </a>
      <Nav view={view} />
      <Banner />
      <main class="panes">
        <Inbox key={view} view={view} open={chat} />
        {chat ? (
          <ThreadPane key={chat} id={chat} view={view} go={go} chosen={chosen} />
        ) : (
          <NoThread view={view} />
        )}
      </main>
      <Toast />
      {dialog.value === "palette" && <Palette route={route} />}
      {dialog.value === "help" && <Help />}
      {dialog.value === "preferences" && <PreferencesDialog />}
      {dialog.value === "signOut" && <SignOutDialog />}
    </div>
  );
}

/** What can be done wherever one is. */
function useEverywhereActions(place: Place, go: (place: Place) => void): void {
  const { session, preferences, dialog, speech, tell, signOut } = useWorkbench();
  const { view, chat } = place;
  const show = (what: typeof dialog.value) => () => {
    dialog.value = what;
  };
  const setStatus = async (status: DeclaredStatus) => {
    const answer = await session.setStatus(status);
    const now = speech.peek();
    const held = session.mine.peek().total;
    if (!answer.ok) tell(now.t("status.failed", { reason: refusalText(now, answer.refusal) }));
    else if (status === "away" && held > 0) tell(now.t("status.awayKeeps", { count: held }));
  };
  const flip =
    <K extends "sound" | "shortcuts">(name: K) =>
    () =>
      preferences.set(name, !preferences[name].peek());
  const status = session.me.value?.status;

  useAction("palette", show("palette"));
  useAction("help", show("help"));
  useAction("preferences", show("preferences"));
  // The switch needs the browser's permission, which the preferences ask for and explain.
  useAction("notifications", show("preferences"));
  useAction("goMine", () => go({ view: "mine", chat: null }));
  useAction("goWaiting", () => go({ view: "waiting", chat: null }));
  useAction("goParked", () => go({ view: "parked", chat: null }));
  useAction("goClosed", () => go({ view: "closed", chat: null }));
  useAction("back", () => {
    const active = document.activeElement;
    const row = chat && document.querySelector<HTMLElement>(`.inbox [data-chat="${chat}"]`);
    const visible = row && row.getClientRects().length > 0;
    if (visible && active?.closest(".thread, .context")) row.focus();
    else if (chat) go({ view, chat: null });
  });
  useAction("online", () => void setStatus("online"), status === "away");
  useAction("away", () => void setStatus("away"), status === "online");
  useAction("sound", flip("sound"));
  useAction("shortcuts", flip("shortcuts"));
  useAction("sendWith", () =>
    preferences.set("sendWith", preferences.sendWith.peek() === "enter" ? "modEnter" : "enter"),
  );
  useAction("density", () =>
    preferences.set(
      "density",
      preferences.density.peek() === "compact" ? "comfortable" : "compact",
    ),
  );
  useTheme(preferences);
  useAction("signOut", () => {
    if (session.mine.peek().total > 0) dialog.value = "signOut";
    else signOut();
  });
}

function useTheme(preferences: Preferences): void {
  useAction("themeSystem", () => preferences.set("theme", "system"));
  useAction("themeLight", () => preferences.set("theme", "light"));
  useAction("themeDark", () => preferences.set("theme", "dark"));
}
