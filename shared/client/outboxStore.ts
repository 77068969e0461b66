import { createStore, del, entries, set, setMany } from "idb-keyval";
import type { CommandId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { type Instant, type Millis, seconds } from "#shared/model/time.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import { browserPages, type Pages } from "./pages.ts";

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
    /** Without a refusal it grew too old, and nobody knows whether it was taken. */
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
  /** Calls whenever another page is gone, so that what it left can be taken. */
  onGone?(hear: () => void): Promise<void>;
};

/** The store in IndexedDB. Blocked, full, broken or hanging, it gives up keeping instead of sending. */
export function browserStore(pages: Pages = browserPages()): OutboxStore {
  let database: ReturnType<typeof createStore> | null = null;
  let kept = typeof indexedDB !== "undefined";
  const page = pages.own;

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
    const others = await pages.others();
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
    take: (sender) => attempt((db) => pages.alone(() => take(db, sender)), []),
    save: (sender, entry) =>
      attempt(async (db) => {
        await set([sender, entry.id], { page, entry } satisfies Stored, db);
        return true;
      }, false),
    remove: (sender, id) => attempt((db) => del([sender, id], db), undefined),
    onGone: pages.onGone,
  };
}

type Stored = { page: string; entry: OutboxEntry };

/** Rejects when it takes longer. */
const within = <T>(wait: Millis, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), wait)),
  ]);
