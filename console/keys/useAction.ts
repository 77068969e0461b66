import { useEffect, useRef } from "preact/hooks";
import { useWorkbench } from "../shell/workbench.ts";
import type { ActionId } from "./actions.ts";

/** Offers an action to keyboard and palette while this component is on screen and `when` holds. */
export function useAction(id: ActionId, run: () => void, when = true): void {
  const { commands } = useWorkbench();
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    return when ? commands.offer(id, () => latest.current()) : undefined;
  }, [commands, id, when]);
}
