import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ConversationId } from "#shared/model/ids.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { visitorName } from "../inbox/visitorName.ts";
import { useWorkbench, type Workbench } from "../shell/workbench.ts";
import { claim } from "./claim.ts";
import { type News, news } from "./news.ts";
import { openSound } from "./sound.ts";

/** Lets the agent know of what happens in their own chats while they look elsewhere. */
export function useAlerts(
  open: ConversationId | null,
  goTo: (conversation: ConversationId) => void,
): void {
  const workbench = useWorkbench();
  const latest = useRef({ open, goTo });
  latest.current = { open, goTo };

  useEffect(() => {
    const sound = openSound();
    let before: readonly ListRow[] | null = null;
    const tell = async (item: News) => {
      const here = document.visibilityState === "visible" && document.hasFocus();
      const looking = here && latest.current.open === item.conversation;
      if (!(await claim(item.key, looking))) return;
      if (workbench.preferences.sound.peek()) sound.play(item.kind);
      // Who has the page before them sees the list move; a notification is for when they don't.
      if (!here) notify(workbench, item, () => latest.current.goTo(item.conversation));
    };
    const stop = effect(() => {
      const { rows, ready } = workbench.session.mine.value;
      if (!ready) return;
      const fresh = before ? news(before, rows) : [];
      before = rows;
      for (const item of fresh) void tell(item);
    });
    return () => {
      stop();
      sound.stop();
    };
  }, [workbench]);
}

function notify({ preferences, speech }: Workbench, item: News, onClick: () => void): void {
  if (!preferences.notifications.peek() || permission() !== "granted") return;
  const { t } = speech.peek();
  const name = visitorName(item, t);
  const shown = new Notification(t(`alert.${item.kind}`, { name }), {
    body: item.text ?? t("alert.noText"),
    // One per chat: a newer message takes the place of the one before.
    tag: item.conversation,
    silent: true,
  });
  shown.onclick = () => {
    window.focus();
    onClick();
    shown.close();
  };
}

/** What the browser allows; `missing` where it knows no notifications. */
export const permission = (): NotificationPermission | "missing" =>
  typeof Notification === "function" ? Notification.permission : "missing";
