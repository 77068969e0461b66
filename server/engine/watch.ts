import { type Instant, type Millis, seconds } from "#shared/model/time.ts";

/** For how long everything that happened could be seen from here. */
export type Watch = {
  /** Something couldn't be seen: what went before counts no more. */
  anew(): void;
  /** Looks once more. */
  look(): void;
  /** What the Desk's clock says, by which it tells how long somebody has been silent. */
  heardDesk(at: Instant): void;
  lasted(): Millis;
};

/** Two clocks may differ by this over one look: an answer takes its time, and clocks are slewed. */
const little = seconds(2);

/**
 * Counts by a clock that only goes on while this machine runs (SPEC RC23). A machine that slept heard
 * of nobody, and a clock that was set makes everybody look silent: both show as a clock that went
 * further than this one did, or as a look that came late, and then the watch begins anew.
 */
export function createWatch(parts: {
  /** Monotonic, from anywhere. */
  elapsed(): Millis;
  wall(): Instant;
  every: Millis;
}): Watch {
  const { elapsed, wall, every } = parts;
  /** By how much each clock is ahead of the monotonic one. */
  let wallAhead = wall() - elapsed();
  let deskAhead: Millis | null = null;
  let since = elapsed();
  let looked = since;

  const anew = () => {
    since = elapsed();
  };
  return {
    anew,
    look() {
      const now = elapsed();
      const ahead = wall() - now;
      if (now - looked > 2 * every + little || Math.abs(ahead - wallAhead) > little) anew();
      wallAhead = ahead;
      looked = now;
    },
    heardDesk(at) {
      const ahead = at - elapsed();
      if (deskAhead !== null && Math.abs(ahead - deskAhead) > little) anew();
      deskAhead = ahead;
    },
    lasted: () => elapsed() - since,
  };
}
