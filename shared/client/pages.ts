import { uuid } from "./uuid.ts";

/** Which pages of this browser live, so that what one sends no other does, and what it left another can. */
export type Pages = {
  /** This page's name, as the others know it. */
  own: string;
  /** Those that live, but for this one. Nobody can tell where locks are absent or forbidden. */
  others(): Promise<ReadonlySet<string>>;
  /** Calls whenever another page is gone, also one that came later than this. */
  onGone(hear: () => void): Promise<void>;
  /** One page at a time. */
  alone<T>(run: () => Promise<T>): Promise<T>;
};

/** Begins the names of the locks that say which pages live. */
const mark = "parley page ";

/** By the lock that each page holds as long as it lives, and a channel on which it says so. */
export function browserPages(): Pages {
  const own = mark + uuid(Date.now());
  const channel = openChannel();
  const locking = lockingAs(own, () => channel?.postMessage(own));

  async function others(): Promise<Set<string>> {
    const { held = [] } = (await (await locking)?.query()) ?? {};
    const names = held.map(({ name = "" }) => name);
    return new Set(names.filter((name) => name.startsWith(mark) && name !== own));
  }

  return {
    own,
    others,
    async onGone(hear) {
      const locks = await locking;
      const watched = new Set<string>();
      const watch = (name: string) => {
        if (watched.has(name)) return;
        watched.add(name);
        // Granted once its page is gone.
        void locks?.request(name, hear);
      };
      // Heard first, asked then: who comes in between isn't missed.
      if (channel) {
        channel.onmessage = ({ data }) => {
          if (`${data}`.startsWith(mark)) watch(data);
        };
      }
      for (const name of await others()) watch(name);
    },
    async alone(run) {
      const locks = await locking;
      return locks ? locks.request("parley take", run) : run();
    },
  };
}

/** Holds the page's lock as long as it lives, and says when it does. */
async function lockingAs(page: string, held: () => void): Promise<LockManager | null> {
  try {
    await navigator.locks.query();
    void navigator.locks.request(page, () => {
      held();
      return new Promise(() => {});
    });
    return navigator.locks;
  } catch {
    // Then the command ids alone keep things single.
    return null;
  }
}

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel("parley pages");
  } catch {
    // Absent or forbidden: only what pages that came before leave is heard of.
    return null;
  }
}
