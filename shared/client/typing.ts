import { type ReadonlySignal, signal } from "@preact/signals-core";
import { seconds } from "#shared/model/time.ts";
import type { World } from "./world.ts";

/** Says that its person types: at most every 2 s, and that they stopped after 5 s of silence. */
export function typingOut(world: World, tell: (on: boolean) => void): (on: boolean) => void {
  let toldAt: number | null = null;
  let stop: (() => void) | null = null;
  const set = (on: boolean) => {
    stop?.();
    stop = on ? world.after(seconds(5), () => set(false)) : null;
    const due = on ? toldAt === null || world.now() - toldAt >= seconds(2) : toldAt !== null;
    if (!due) return;
    toldAt = on ? world.now() : null;
    tell(on);
  };
  return set;
}

/** What the other side's typing looks like here: it ends by itself when no more is heard for 6 s. */
export function typingIn(world: World): { on: ReadonlySignal<boolean>; hear(on: boolean): void } {
  const state = signal(false);
  let expire: (() => void) | null = null;
  return {
    on: state,
    hear(on) {
      expire?.();
      expire = on
        ? world.after(seconds(6), () => {
            state.value = false;
          })
        : null;
      state.value = on;
    },
  };
}
