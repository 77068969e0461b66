import type { Instant, Millis } from "#shared/model/time.ts";
import { uuid } from "./uuid.ts";

/** What a session needs of its surroundings, handed in so that tests own time, chance and sleep. */
export type World = {
  now(): Instant;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** A fresh UUIDv7. */
  id(): string;
  /** Runs later, once; the answer calls it off. */
  after(wait: Millis, run: () => void): () => void;
  /** False only when the browser is sure. */
  online(): boolean;
  /** Whether the page is on screen, as far as the browser knows. */
  visible(): boolean;
  /** Whenever the machine may have slept or the network changed. The answer stops it. */
  onWake(hear: () => void): () => void;
};

export const browserWorld: World = {
  now: () => Date.now(),
  random: () => Math.random(),
  id: () => uuid(Date.now()),
  after(wait, run) {
    const timer = setTimeout(run, wait);
    return () => clearTimeout(timer);
  },
  online: () => navigator.onLine,
  visible: () => !document.hidden,
  onWake(hear) {
    const shown = () => document.hidden || hear();
    const heard: [EventTarget, string, () => void][] = [
      [window, "online", hear],
      [window, "offline", hear],
      [window, "pageshow", hear],
      [document, "visibilitychange", shown],
    ];
    for (const [target, event, listener] of heard) target.addEventListener(event, listener);
    return () => {
      for (const [target, event, listener] of heard) target.removeEventListener(event, listener);
    };
  },
};
