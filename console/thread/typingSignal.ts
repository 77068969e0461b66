import { type Millis, seconds } from "#shared/model/time.ts";

/** The visitor's side forgets a sign of typing after some seconds, so it is renewed while it goes on. */
export const renewAfter: Millis = seconds(3);
/** Nothing typed for this long is a pause. */
export const pauseAfter: Millis = seconds(5);

export type TypingSignal = {
  typed(): void;
  stopped(): void;
};

/** Turns key strokes into few signals: on, a renewal now and then, off. */
export function typingSignal(
  send: (on: boolean) => void,
  now: () => number = () => performance.now(),
): TypingSignal {
  let sentAt: number | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stopped = () => {
    clearTimeout(timer);
    if (sentAt !== null) send(false);
    sentAt = null;
  };
  return {
    stopped,
    typed() {
      clearTimeout(timer);
      timer = setTimeout(stopped, pauseAfter);
      if (sentAt !== null && now() - sentAt < renewAfter) return;
      sentAt = now();
      send(true);
    },
  };
}
