import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { seconds } from "#shared/model/time.ts";
import { useConnectionLost } from "./useConnectionLost.ts";
import { refusalText, useSpeech, useWorkbench } from "./workbench.ts";

/** After this long somebody may want to do something about it. */
const late = seconds(4);
/** How long the button says that it was pressed; without a network the attempt itself is over at once. */
const pressedFor = seconds(1.5);

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
          {(state === "offline" || state === "reconnecting") && <TryNow />}
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

/** Where work goes on, the first of them that is on screen. */
const workplaces = [".composer textarea", ".inbox [data-chat]", "#thread"];

function goOn(): void {
  const all = workplaces.map((where) => document.querySelector<HTMLElement>(where));
  all.find((place) => place && place.getClientRects().length > 0)?.focus();
}

function TryNow(): VNode | null {
  const { session } = useWorkbench();
  const { t } = useSpeech();
  const button = useRef<HTMLButtonElement>(null);
  const offered = useSignal(false);
  const pressed = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      offered.value = true;
    }, late);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!pressed.value) return;
    const timer = setTimeout(() => {
      pressed.value = false;
    }, pressedFor);
    return () => clearTimeout(timer);
  }, [pressed.value]);
  // It goes when the connection comes; who pressed it by the keyboard goes on working.
  useLayoutEffect(() => {
    const { current } = button;
    return () => {
      if (current && current === document.activeElement) goOn();
    };
  }, [offered.value]);
  if (!offered.value) return null;
  return (
    <button
      type="button"
      class="link"
      ref={button}
      aria-disabled={pressed.value}
      onClick={() => {
        pressed.value = true;
        session.reconnect();
      }}
    >
      {t(pressed.value ? "connection.connecting" : "connection.now")}
    </button>
  );
}
