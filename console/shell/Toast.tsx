import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { seconds } from "#shared/model/time.ts";
import { useWorkbench } from "./workbench.ts";

/** Long enough to be read twice. */
const shownFor = seconds(5);

/** What was just done, in one sentence, gone by itself. */
export function Toast(): VNode {
  const { toast } = useWorkbench();
  const shown = toast.value;
  useEffect(() => {
    if (!shown) return;
    const timer = setTimeout(() => {
      toast.value = null;
    }, shownFor);
    return () => clearTimeout(timer);
  }, [shown, toast]);
  return (
    <div class="toast-place" role="status">
      {shown && (
        <p key={shown.id} class="toast">
          {shown.text}
        </p>
      )}
    </div>
  );
}
