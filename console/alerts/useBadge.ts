import { useEffect } from "preact/hooks";
import { useWorkbench } from "../shell/workbench.ts";

/** How many messages in the agent's chats are unread. */
export function useUnread(): number {
  const { session } = useWorkbench();
  return session.mine.value.rows.reduce((sum, { unread }) => sum + unread, 0);
}

/** Shows what is unread where the page is not: in the tab's title and, installed, on the app's icon. */
export function useBadge(where: string): void {
  const unread = useUnread();
  const { speech } = useWorkbench();
  const app = speech.value.t("app.name");
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${where} · ${app}`;
  }, [unread, where, app]);
  useEffect(() => {
    // Only there for an installed app, and only a bonus to the title.
    if ("setAppBadge" in navigator) void navigator.setAppBadge(unread).catch(() => undefined);
  }, [unread]);
}
