import type { Millis } from "#shared/model/time.ts";

export type Evidence = {
  /** Since the last sign of life, null when none is remembered. */
  silentFor: Millis | null;
  /** Since the Desk is complete: before that it heard of nobody. */
  knownFor: Millis;
  /** Since this node started, or could ask again after it couldn't. */
  watchedFor: Millis;
};

/**
 * How long somebody has certainly been away (SPEC RC6). Unknown is not expired: what was forgotten by
 * a Redis that restarted, or not seen by a node that wasn't there, counts from the newest of the three.
 */
export const absentFor = ({ silentFor, knownFor, watchedFor }: Evidence): Millis =>
  Math.min(silentFor ?? Number.POSITIVE_INFINITY, knownFor, watchedFor);
