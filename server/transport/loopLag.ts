import { type Millis, seconds } from "#shared/model/time.ts";

/** How late this process is: an event loop that comes late for a timer comes late for everybody. */
export type LoopLag = {
  /** Late now, or a moment ago: what may be lost is left out. */
  lagging(): boolean;
  /** Called when the process goes on after it stood still: what others said meanwhile may be lost. */
  onStall(hear: () => void): () => void;
  stop(): void;
};

const beat: Millis = 100;
/** Well above a collection of garbage, well below what people notice in a message. */
const late: Millis = 500;
const stall: Millis = seconds(2);
/** For how long it counts as late after it was. */
const recovery: Millis = 500;

export function watchLoop(): LoopLag {
  const hearers = new Set<() => void>();
  let last = performance.now();
  let laggingUntil = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const lag = now - last - beat;
    last = now;
    if (lag > late) laggingUntil = now + recovery;
    if (lag > stall) for (const hear of hearers) hear();
  }, beat);
  timer.unref();
  return {
    lagging() {
      const now = performance.now();
      return now < laggingUntil || now - last - beat > late;
    },
    onStall(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    stop: () => clearInterval(timer),
  };
}
