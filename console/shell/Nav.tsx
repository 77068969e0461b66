import type { VNode } from "preact";
import { useUnread } from "../alerts/useBadge.ts";
import { addressOf, type Place } from "../routes/place.ts";
import { Icon } from "../ui/Icon.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { useSpeech, useWorkbench } from "./workbench.ts";

/** The narrow column on the left; a bar at the bottom where the screen is small. */
export function Nav({ view }: { view: Place["view"] }): VNode {
  const { session, preferences, commands } = useWorkbench();
  const { t } = useSpeech();
  const unread = useUnread();
  const waiting = session.waiting.value.total;
  const parked = session.parked.value.total;
  const alerts = preferences.sound.value || preferences.notifications.value;
  return (
    <nav class="nav" aria-label={t("nav.label")}>
      <a class="nav-logo" href={addressOf({ view: "mine", chat: null })}>
        <span class="hidden">{t("app.name")}</span>
        <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
          <path d="M3 5.5A2.5 2.5 0 0 1 5.5 3h15A2.5 2.5 0 0 1 23 5.5v10a2.5 2.5 0 0 1-2.5 2.5H12l-5.5 5v-5h-1A2.5 2.5 0 0 1 3 15.5z" />
        </svg>
      </a>
      <a
        class="nav-item"
        href={addressOf({ view: "mine", chat: null })}
        aria-current={view === "mine" ? "true" : undefined}
        title={t("nav.mine")}
      >
        <Icon name="chats" />
        <span class="hidden">{t("nav.mine")}</span>
        {unread > 0 && (
          <span class="nav-badge">
            <span aria-hidden="true">{unread > 99 ? "99+" : unread}</span>
            <span class="hidden">, {t("nav.unread", { count: unread })}</span>
          </span>
        )}
      </a>
      <a
        class="nav-item"
        href={addressOf({ view: "waiting", chat: null })}
        aria-current={view === "waiting" ? "true" : undefined}
        title={t("nav.waiting")}
      >
        <Icon name="waiting" />
        <span class="hidden">{t("nav.waiting")}</span>
        {waiting > 0 && (
          <span class="nav-badge quiet">
            <span aria-hidden="true">{waiting > 99 ? "99+" : waiting}</span>
            <span class="hidden">, {t("nav.waitingCount", { count: waiting })}</span>
          </span>
        )}
      </a>
      <a
        class="nav-item"
        href={addressOf({ view: "parked", chat: null })}
        aria-current={view === "parked" ? "true" : undefined}
        title={t("nav.parked")}
      >
        <Icon name="parked" />
        <span class="hidden">{t("nav.parked")}</span>
        {parked > 0 && (
          <span class="nav-badge quiet">
            <span aria-hidden="true">{parked > 99 ? "99+" : parked}</span>
            <span class="hidden">, {t("nav.parkedCount", { count: parked })}</span>
          </span>
        )}
      </a>
      <a
        class="nav-item"
        href={addressOf({ view: "closed", chat: null })}
        aria-current={view === "closed" ? "true" : undefined}
        title={t("nav.closed")}
      >
        <Icon name="closed" />
        <span class="hidden">{t("nav.closed")}</span>
      </a>
      <span class="nav-space" />
      <button
        type="button"
        class="nav-item"
        title={t("nav.commands")}
        aria-label={t("nav.commands")}
        onClick={() => commands.run("palette")}
      >
        <Icon name="commands" />
      </button>
      <button
        type="button"
        class="nav-item nav-wide"
        title={t("nav.shortcuts")}
        aria-label={t("nav.shortcuts")}
        onClick={() => commands.run("help")}
      >
        <Icon name="keyboard" />
      </button>
      <button
        type="button"
        class="nav-item nav-wide"
        title={t(alerts ? "nav.alertsOn" : "nav.alertsOff")}
        aria-label={t(alerts ? "nav.alertsOn" : "nav.alertsOff")}
        onClick={() => commands.run("preferences")}
      >
        <Icon name={alerts ? "bell" : "bellOff"} />
      </button>
      <AccountMenu />
    </nav>
  );
}
