import { effect } from "@preact/signals-core";
import type { Millis } from "#shared/model/time.ts";

/** Waits until `look`, which reads signals, is true; false when the time ran out or it was called off. */
export function becomes(
  look: () => boolean,
  within: Millis,
  calledOff: AbortSignal,
): Promise<boolean> {
  return new Promise((resolve) => {
    let over = false;
    const end = (result: boolean) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      calledOff.removeEventListener("abort", stop);
      resolve(result);
      // Not from inside the effect that brought it about.
      queueMicrotask(() => unwatch());
    };
    const stop = () => end(false);
    const timer = setTimeout(stop, Math.min(within, 2 ** 31 - 1));
    calledOff.addEventListener("abort", stop);
    const unwatch = effect(() => {
      if (look()) end(true);
    });
    if (calledOff.aborted) stop();
  });
}
