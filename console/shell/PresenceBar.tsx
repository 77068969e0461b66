import type { VNode } from "preact";
import { oneChat } from "#shared/model/agent.ts";
import { useConnectionLost } from "./useConnectionLost.ts";
import { useSpeech, useWorkbench } from "./workbench.ts";

/** The agent's own state, always in sight: whether new chats come, and how many are held of how many. */
export function PresenceBar(): VNode | null {
  const { session, commands } = useWorkbench();
  const { t } = useSpeech();
  const lost = useConnectionLost();
  const me = session.me.value;
  if (!me) return null;
  const online = me.status === "online";
  const shown = lost ? "disconnected" : me.status;
  return (
    <footer class="presence">
      <button
        type="button"
        class={`presence-switch${shown === "online" ? " presence-online" : ""}`}
        title={`${t(online ? "status.onlineText" : "status.awayText")}. ${t(online ? "status.goAway" : "status.goOnline")}`}
        onClick={() => commands.run(online ? "away" : "online")}
      >
        <span class="switch" aria-hidden="true" />
        <span class="hidden">{t("account.status")}: </span>
        <span>{t(`status.${shown}`)}</span>
      </button>
      <Capacity used={me.used} limit={me.capacity} />
    </footer>
  );
}

/** One cell per whole chat as long as cells can be counted at a glance. */
const mostCells = 8;

function Capacity({ used, limit }: { used: number; limit: number }): VNode {
  const { t } = useSpeech();
  const cells = Math.round(limit / oneChat);
  const text = t("capacity.text", { used: used / oneChat, count: limit / oneChat });
  return (
    <span class="capacity" title={used >= limit ? t("capacity.full") : undefined}>
      {cells <= mostCells && (
        <span class="capacity-cells" aria-hidden="true">
          {Array.from({ length: cells }, (_, cell) => (
            // The cells are all alike: their place is all they are.
            <i key={cell} class={used > cell * oneChat ? "full" : ""} />
          ))}
        </span>
      )}
      <span class={used >= limit ? "capacity-full" : ""}>{text}</span>
    </span>
  );
}
