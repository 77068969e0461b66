import type { VNode } from "preact";
import { useConnectionLost } from "./useConnectionLost.ts";
import { refusalText, useSpeech, useWorkbench } from "./workbench.ts";

/** Says that the server is not there, why, and that nothing is lost by it. */
export function Banner(): VNode {
  const { session } = useWorkbench();
  const speech = useSpeech();
  const { t } = speech;
  const state = session.connection.value;
  const refusal = session.refusal.value;
  const shown = useConnectionLost();
  const text = () => {
    if (state === "refused") {
      return refusal?.code === "protocol"
        ? t("connection.protocol")
        : t("connection.refused", { reason: refusal ? refusalText(speech, refusal) : "" });
    }
    if (refusal?.code === "draining") return t("connection.draining");
    if (state === "connecting") return t("connection.connecting");
    const what = t(state === "offline" ? "connection.offline" : "connection.reconnecting");
    return `${what} ${t("connection.kept")}`;
  };
  return (
    <div class="banner-place" role="status">
      {shown && (
        <p class={`banner banner-${state}`}>
          <span>{text()}</span>
          {state === "refused" && (
            <button type="button" class="link" onClick={() => location.reload()}>
              {t("connection.reload")}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
