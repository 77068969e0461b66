import { type ReadonlySignal, signal } from "@preact/signals";
import { type Instant, seconds } from "#shared/model/time.ts";

/** The server's time as well as this machine can tell it, moving once a second. */
export type Clock = {
  now: ReadonlySignal<Instant>;
  /** What the server said its time is, just now. */
  agree(serverNow: Instant): void;
  stop(): void;
};

export function startClock(local: () => Instant = Date.now): Clock {
  let offset = 0;
  const now = signal(local());
  const tick = () => {
    now.value = local() + offset;
  };
  const timer = setInterval(tick, seconds(1));
  return {
    now,
    agree(serverNow) {
      offset = serverNow - local();
      tick();
    },
    stop: () => clearInterval(timer),
  };
}
