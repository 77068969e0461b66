import { createStore, del, entries, set } from "idb-keyval";
import { v7 } from "uuid";
import type { CommandId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { type Instant, type Millis, seconds } from "#shared/model/time.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";

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
 * Never rejects: a store that fails says so in `kept` and the commands live on in memory.
 */
export type OutboxStore = {
  /** False once nothing outlives the page. */
  readonly kept: boolean;
  /** What no living page is sending: two pages sending the same could land it in two places. */
  load(sender: string): Promise<OutboxEntry[]>;
  save(sender: string, entry: OutboxEntry): Promise<void>;
  remove(sender: string, id: CommandId): Promise<void>;
};

/** The store in IndexedDB. Blocked, full, broken or hanging, it gives up keeping instead of sending. */
export function browserStore(): OutboxStore {
  let database: ReturnType<typeof createStore> | null = null;
  let kept = typeof indexedDB !== "undefined";
  const page = `parley ${v7()}`;
  const living = holdWhileLiving(page);

  async function attempt<T>(run: (db: ReturnType<typeof createStore>) => Promise<T>, without: T) {
    if (!kept) return without;
    try {
      database ??= createStore("parley", "outbox");
      return await within(seconds(2), run(database));
    } catch {
      // The page may show `kept`; sending must not depend on it.
      kept = false;
      return without;
    }
  }

  return {
    get kept() {
      return kept;
    },
    load: (sender) =>
      attempt(async (db) => {
        const others = await living();
        const all = await entries<[string, string], Stored>(db);
        return all
          .filter(([[owner], row]) => owner === sender && !others.has(row.page))
          .map(([, { entry }]) => entry);
      }, []),
    save: (sender, entry) =>
      attempt((db) => set([sender, entry.id], { page, entry } satisfies Stored, db), undefined),
    remove: (sender, id) => attempt((db) => del([sender, id], db), undefined),
  };
}

type Stored = { page: string; entry: OutboxEntry };

/** Holds a lock as long as the page lives. Answers how to learn which pages do; without locks, none. */
function holdWhileLiving(page: string): () => Promise<Set<string | undefined>> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  // Forbidden in this frame: then pages can't tell, and the command ids alone keep things single.
  locks?.request(page, () => new Promise(() => {})).catch(() => {});
  return async () => {
    const { held = [] } = (await locks?.query().catch(() => ({ held: [] }))) ?? {};
    return new Set(held.map((lock) => lock.name));
  };
}

const within = <T>(wait: Millis, work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("too slow")), wait)),
  ]);
