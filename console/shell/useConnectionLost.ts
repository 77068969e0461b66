import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { seconds } from "#shared/model/time.ts";
import { useWorkbench } from "./workbench.ts";

/** A connection that comes back within this time is nobody's business. */
const patience = seconds(1);

/** Whether the server has been away for long enough to be worth a word. */
export function useConnectionLost(): boolean {
  const { session } = useWorkbench();
  const state = session.connection.value;
  const late = useSignal(state === "offline" || state === "refused");
  useEffect(() => {
    late.value = state === "offline" || state === "refused";
    if (state === "online") return;
    const timer = setTimeout(() => {
      late.value = true;
    }, patience);
    return () => clearTimeout(timer);
  }, [state]);
  return state !== "online" && late.value;
}
