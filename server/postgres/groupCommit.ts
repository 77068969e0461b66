import { type Change, type Committed, LedgerUnavailable, refuseHoles } from "../ports.ts";
import { SqlError } from "./driver.ts";

/** Small enough that the database works on one batch while this node decides what the next one holds. */
const mostInBatch = 64;
/**
 * A batch costs the database as much as a dozen of its changes do, so a second one goes beside the
 * first when it is worth that, or when the first takes long.
 */
const worthBeside = 24;
const patienceMs = 5;

export type GroupCommitPorts = {
  /** Commits a batch, answers in order; throws `SqlError` when nothing of it was kept. */
  send: (batch: readonly Change[]) => Promise<Committed[]>;
  /** What became of changes whose outcome is unknown; null for those that can't be found. */
  outcomes: (batch: readonly Change[]) => Promise<(Committed | null)[]>;
  /** Batches under way at once. */
  concurrency: number;
};

type Waiting = {
  change: Change;
  keys: readonly string[];
  resolve: (committed: Committed) => void;
  reject: (error: unknown) => void;
};

/**
 * Gathers changes into batches while earlier batches are under way (decision 8): one change
 * alone goes at once, a thousand together cost a few round trips.
 *
 * Changes that touch the same thing (conversation, agent's slots, visitor's open place, command)
 * never share a batch, and never wait for each other inside the database: the later one stays here
 * until the earlier is done, in the order they came. A change the database refuses takes nobody
 * with it: its batch is sent again one by one.
 */
export function groupCommit({ send, outcomes, concurrency }: GroupCommitPorts) {
  let waiting: Waiting[] = [];
  const busy = new Set<string>();
  let underWay = 0;
  let planned = false;
  let patience: NodeJS.Timeout | null = null;

  /** On the next turn of the event loop, so that what arrived together leaves together. */
  function plan(): void {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      if (underWay === 0 || waiting.length >= worthBeside) sendOff();
      else patience ??= setTimeout(sendOff, patienceMs);
    });
  }

  function sendOff(): void {
    if (patience) clearTimeout(patience);
    patience = null;
    while (underWay < concurrency) {
      const batch = nextBatch();
      if (batch.length === 0) return;
      void run(batch);
    }
  }

  function nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const later: Waiting[] = [];
    // What stays behind keeps its keys, so that nobody who came later overtakes it.
    const taken = new Set(busy);
    for (const one of waiting) {
      const free = batch.length < mostInBatch && !one.keys.some((key) => taken.has(key));
      (free ? batch : later).push(one);
      for (const key of one.keys) taken.add(key);
    }
    waiting = later;
    return batch;
  }

  async function run(batch: readonly Waiting[]): Promise<void> {
    underWay += 1;
    const keys = batch.flatMap((one) => one.keys);
    for (const key of keys) busy.add(key);
    try {
      await commitAll(batch);
    } finally {
      for (const key of keys) busy.delete(key);
      underWay -= 1;
      if (waiting.length > 0) plan();
    }
  }

  async function commitAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await send(batch.map((one) => one.change));
      batch.forEach((one, i) => {
        one.resolve(answers[i] as Committed);
      });
    } catch (error) {
      if (error instanceof LedgerUnavailable) await lookUp(batch, error);
      else if (error instanceof SqlError && batch.length > 1) {
        for (const one of batch) await commitAll([one]);
      } else for (const one of batch) one.reject(error);
    }
  }

  /** The connection may have broken before, during or after the commit: only the log knows. */
  async function lookUp(batch: readonly Waiting[], error: LedgerUnavailable): Promise<void> {
    try {
      const found = await outcomes(batch.map((one) => one.change));
      batch.forEach((one, i) => {
        const outcome = found[i];
        if (outcome) one.resolve(outcome);
        else one.reject(error);
      });
    } catch (stillAway) {
      for (const one of batch) one.reject(stillAway);
    }
  }

  return (change: Change): Promise<Committed> =>
    new Promise((resolve, reject) => {
      refuseHoles(change);
      waiting.push({ change, keys: keysOf(change), resolve, reject });
      plan();
    });
}

/** What a change touches, by ids alone: where one happens to equal another's, it only waits for it. */
function keysOf({ command, conversation, slots, open }: Change): string[] {
  const keys: string[] = [conversation.id, command.id];
  for (const { agent } of slots) keys.push(agent);
  if (open) keys.push(conversation.visitor);
  return keys;
}
