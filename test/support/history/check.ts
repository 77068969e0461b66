import { type CheckOptions, factsOf, type Violation } from "./facts.ts";
import type { History } from "./history.ts";
import { commands } from "./invariants/commands.ts";
import { load } from "./invariants/load.ts";
import { log } from "./invariants/log.ts";
import { order } from "./invariants/order.ts";
import { places } from "./invariants/places.ts";
import { queues } from "./invariants/queues.ts";
import { receipts } from "./invariants/receipts.ts";
import { rights } from "./invariants/rights.ts";
import { secrets } from "./invariants/secrets.ts";
import { views } from "./invariants/views.ts";
import type { Truth } from "./truth.ts";

export type { CheckOptions, Invariant, Violation } from "./facts.ts";

const invariants = [log, commands, order, views, rights, load, places, queues, secrets, receipts];

/**
 * Holds what clients did and saw against what the system of record says in the end. Takes time in
 * proportion to what was recorded (and sorts it once by time); knows nothing of how the server works.
 */
export function check(history: History, truth: Truth, options: CheckOptions): Violation[] {
  const facts = factsOf(history, truth, options);
  return invariants.flatMap((invariant) => invariant(facts));
}

/** A violation in one line. */
export const described = ({ invariant, conversation, seqs, says }: Violation): string =>
  [invariant, conversation?.slice(-6), seqs.length > 0 && `#${seqs.join(",#")}`, says]
    .filter(Boolean)
    .join(" ");
