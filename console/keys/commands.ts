import { type ReadonlySignal, signal } from "@preact/signals";
import type { ActionId } from "./actions.ts";

/**
 * What can be done right now. The part of the screen that can do it says so for as long as it is
 * there; keyboard and palette only name the action.
 */
export type Commands = {
  available: ReadonlySignal<ReadonlySet<ActionId>>;
  /** The last to offer an action has it; the answer takes the offer back. */
  offer(id: ActionId, run: () => void): () => void;
  /** False: nobody offers it now. */
  run(id: ActionId): boolean;
};

export function createCommands(): Commands {
  const offers = new Map<ActionId, (() => void)[]>();
  const available = signal<ReadonlySet<ActionId>>(new Set());
  const publish = () => {
    available.value = new Set(offers.keys());
  };
  return {
    available,
    offer(id, run) {
      offers.set(id, [...(offers.get(id) ?? []), run]);
      publish();
      return () => {
        const rest = (offers.get(id) ?? []).filter((other) => other !== run);
        if (rest.length > 0) offers.set(id, rest);
        else offers.delete(id);
        publish();
      };
    },
    run(id) {
      const run = offers.get(id)?.at(-1);
      run?.();
      return run !== undefined;
    },
  };
}
