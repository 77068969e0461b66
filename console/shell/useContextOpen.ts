import { useSignal } from "@preact/signals";
import { useMedia } from "./useMedia.ts";
import { useWorkbench } from "./workbench.ts";

/** From here on the panel has room beside the thread; below it lies over it. */
export const contextBeside = "(min-width: 1200px)";

/**
 * Where there is room the panel stays as the agent left it, in every chat. Where it covers the thread
 * it opens when asked and is forgotten with the chat.
 */
export function useContextOpen(): {
  open: boolean;
  /** It lies over the thread. */
  over: boolean;
  toggle: () => void;
} {
  const { preferences } = useWorkbench();
  const beside = useMedia(contextBeside);
  const asked = useSignal(false);
  const open = beside ? preferences.context.value : asked.value;
  return {
    open,
    over: open && !beside,
    toggle() {
      if (beside) preferences.set("context", !open);
      else asked.value = !open;
    },
  };
}
