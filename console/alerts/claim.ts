import { type Millis, seconds } from "#shared/model/time.ts";

/** How long a tab that isn't looked at leaves the one that is to claim first. */
const patience: Millis = 300;
/** Tabs learn of the same news within this time of each other. */
const keep: Millis = seconds(10);

type Locks = Pick<LockManager, "request">;

/**
 * True in one tab of this browser for each piece of news. A tab in which it is already being looked at
 * claims it first and stays silent, so that none of the others speaks. Without Web Locks every tab is
 * alone and claims all.
 */
export async function claim(
  key: string,
  looking: boolean,
  locks: Locks | undefined = globalThis.navigator?.locks,
): Promise<boolean> {
  if (!locks) return !looking;
  if (!looking) await wait(patience);
  return new Promise((resolve, reject) => {
    locks
      .request(`parley.news ${key}`, { ifAvailable: true }, async (lock) => {
        resolve(lock !== null && !looking);
        if (lock) await wait(keep);
      })
      .catch(reject);
  });
}

const wait = (ms: Millis): Promise<void> => new Promise((done) => setTimeout(done, ms));
