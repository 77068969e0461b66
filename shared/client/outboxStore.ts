import { createStore, del, entries, set, setMany } from "idb-keyval";
import type { CommandId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { type Instant, type Millis, seconds } from "#shared/model/time.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import { uuid } from "./uuid.ts";

/** A command as it waits: without what only the moment of sending knows. */
export type OutboxEntry = {
  id: CommandId;
  conversation: ConversationId;
  /** When it was written; also its place in the order, so it grows with every entry of a tab. */
  at: Instant;
  command: OutboxCommand;
  /** The fence it was first sent with: a repeat must be the same to the letter. */
  fence?: number;
  state:
    | { is: "queued" }
    | { is: "acked"; seq: number; epoch: string; at: Instant }
    /** Without a refusal it was never sent: it grew too old. */
    | { is: "failed"; failure?: Refusal };
};

export type OutboxCommand =
  | { kind: "start"; name?: string; page?: string }
  | { kind: "say"; text: string }
  | { kind: "note"; text: string }
  | { kind: "end" }
  | { kind: "transfer"; queue: QueueId; note?: string }
  | { kind: "close" };

/**
 * Where unsent commands survive a reload. `sender` keeps apart the people who share a browser.
 * Never rejects: of what a store could not keep it says so, and the command lives on in memory.
 */
export type OutboxStore = {
  /**
   * What was left by pages that are gone; it is this page's from now on. Never what a living page is
   * sending: two pages sending the same could land it in two places.
   */
  take(sender: string): Promise<OutboxEntry[]>;
  /** Whether it outlives the page now. */
  save(sender: string, entry: OutboxEntry): Promise<boolean>;
  remove(sender: string, id: CommandId): Promise<void>;
  /** Calls whenever a page that lives now is gone, so that what it left can be taken. */
  onGone?(hear: () => void): Promise<void>;
};

/** Begins the names of the locks that say which pages live. */
const mark = "parley page ";

/** The store in IndexedDB. Blocked, full, broken or hanging, it gives up keeping instead of sending. */
export function browserStore(): OutboxStore {
  let database: ReturnType<typeof createStore> | null = null;
  let kept = typeof indexedDB !== "undefined";
  const page = mark + uuid(Date.now());
  const locking = lockingAs(page);

  async function attempt<T>(run: (db: ReturnType<typeof createStore>) => Promise<T>, without: T) {
    if (!kept) return without;
    try {
      database ??= createStore("parley", "outbox");
      return await within(seconds(2), run(database));
    } catch {
      // Who wrote it is told; sending must not depend on it.
      kept = false;
      return without;
    }
  }

  async function take(db: ReturnType<typeof createStore>, sender: string) {
    const others = await livingPages(await locking);
    const all = await entries<[string, string], Stored>(db);
    const left = all.filter(([[owner], row]) => owner === sender && !others.has(row.page));
    await setMany(
      left.map(([key, { entry }]) => [key, { page, entry } satisfies Stored]),
      db,
    );
    return left.map(([, { entry }]) => entry);
  }

  return {
    // One page at a time, so that no two take the same.
    take: (sender) =>
      attempt(async (db) => {
        const locks = await locking;
        return locks ? locks.request("parley take", () => take(db, sender)) : take(db, sender);
      }, []),
    save: (sender, entry) =>
      attempt(async (db) => {
        await set([sender, entry.id], { page, entry } satisfies Stored, db);
        return true;
      }, false),
    remove: (sender, id) => attempt((db) => del([sender, id], db), undefined),
    async onGone(hear) {
      const locks = await locking;
      for (const name of await livingPages(locks)) {
        // Granted once its page is gone.
        if (name !== page && name?.startsWith(mark)) void locks?.request(name, hear);
      }
    },
  };
}

type Stored = { page: string; entry: OutboxEntry };

/** Holds the page's lock as long as it lives. Where locks are absent or forbidden pages can't tell who lives. */
async function lockingAs(page: string): Promise<LockManager | null> {
  try {
    await navigator.locks.query();
    void navigator.locks.request(page, () => new Promise(() => {}));
    return navigator.locks;
  } catch {
    // Then the command ids alone keep things single.
    return null;
  }
}

async function livingPages(locks: LockManager | null): Promise<Set<string | undefined>> {
  const { held = [] } = (await locks?.query()) ?? {};
  return new Set(held.map((lock) => lock.name));
}

/** Rejects when it takes longer. */
export const within = <T>(wait: Millis, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), wait)),
  ]);
