import { byRank, rank } from "#server/domain/rank.ts";
import type { EventOf } from "#shared/protocol/events.ts";
import { at, type Facts, isMove, type Violation } from "../facts.ts";

/**
 * I13: within a queue nobody is overtaken but by more importance: when a chat is assigned, none that
 * ranks before it has been waiting in the same queue all the while. And passing a chat on keeps its age.
 */
export function queues(facts: Facts): Violation[] {
  return [...ages(facts), ...overtaken(facts)];
}

function ages({ truth }: Facts): Violation[] {
  const found: Violation[] = [];
  for (const [conversation, log] of truth.logs) {
    let queuedAt: number | null = null;
    for (const event of log) {
      if (event.kind !== "queued") continue;
      if (event.body.why === "transfer" && queuedAt !== null && event.body.queuedAt !== queuedAt) {
        const says = `a transfer changed its age by ${event.body.queuedAt - queuedAt} ms`;
        found.push({ invariant: "I13", conversation, seqs: [event.seq], says });
      }
      queuedAt = event.body.queuedAt;
    }
  }
  return found;
}

type Wait = {
  id: string;
  seq: number;
  queue: string;
  score: number;
  queuedAt: number;
  /** By when the router must have known. */
  known: number;
  left: number;
};

type Step =
  | { time: number; order: 0; leaves: Wait }
  | { time: number; order: 1; assigned: EventOf<"assigned">; wait: Wait }
  | { time: number; order: 2; waits: Wait };

function overtaken(facts: Facts): Violation[] {
  const { slackMs } = facts.options;
  const found: Violation[] = [];
  const queues = new Map<string, Heap>();
  const gone = new Set<Wait>();
  for (const step of stepsOf(facts)) {
    if ("waits" in step) {
      const heap = queues.get(step.waits.queue) ?? new Heap();
      queues.set(step.waits.queue, heap);
      heap.add(step.waits);
    } else if ("leaves" in step) gone.add(step.leaves);
    else {
      const first = queues.get(step.wait.queue)?.first(gone);
      if (!first || byRank(first, step.wait) >= 0) continue;
      const { assigned, wait } = step;
      const says = `was assigned before ${first.id}, which had waited ${wait.queuedAt - first.queuedAt} ms longer and went on waiting ${Math.round(first.left - assigned.at)} ms (slack ${slackMs})`;
      found.push({ invariant: "I13", conversation: wait.id, seqs: [assigned.seq], says });
    }
  }
  return found;
}

/**
 * Everything in the order in which it counts: a chat counts as waiting two slacks after somebody saw it
 * wait, an assignment one slack after it was decided. So only who waited from a slack before until a
 * slack after counts as passed over.
 */
function stepsOf(facts: Facts): Step[] {
  const { truth, seen, options } = facts;
  const { slackMs } = options;
  const pace = new Map<string, number>(
    truth.queues.map(({ id, stepSeconds }) => [id, stepSeconds]),
  );
  const steps: Step[] = [];
  for (const [conversation, log] of truth.logs) {
    let wait: Wait | null = null;
    for (const event of log) {
      if (!isMove(event)) continue;
      if (wait) {
        wait.left = event.at;
        steps.push({ time: event.at, order: 0, leaves: wait });
        if (event.kind === "assigned") {
          steps.push({ time: event.at + slackMs, order: 1, assigned: event, wait });
        }
      }
      wait = null;
      if (event.kind !== "queued") continue;
      const { queue, queuedAt, priority } = event.body;
      const score = rank(priority, queuedAt, pace.get(queue) ?? 0);
      const known = seen.get(at(conversation, event.seq)) ?? Number.POSITIVE_INFINITY;
      const left = Number.POSITIVE_INFINITY;
      wait = { id: conversation, seq: event.seq, queue, score, queuedAt, known, left };
      if (known < left) steps.push({ time: known + 2 * slackMs, order: 2, waits: wait });
    }
  }
  return steps.sort((a, b) => a.time - b.time || a.order - b.order);
}

/** Who waits in a queue, the first in rank on top. */
class Heap {
  readonly #items: Wait[] = [];

  add(wait: Wait): void {
    const items = this.#items;
    let at = items.push(wait) - 1;
    for (;;) {
      const parent = (at - 1) >> 1;
      if (at === 0 || !this.#swapped(parent, at)) return;
      at = parent;
    }
  }

  /** The first of those who are not gone. */
  first(gone: ReadonlySet<Wait>): Wait | undefined {
    while (this.#items[0] && gone.has(this.#items[0])) this.#drop();
    return this.#items[0];
  }

  #drop(): void {
    const items = this.#items;
    const last = items.pop();
    if (!last || items.length === 0) return;
    items[0] = last;
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const [l, r] = [items[left], items[right]];
      if (!l) return;
      const child = r && byRank(r, l) < 0 ? right : left;
      if (!this.#swapped(at, child)) return;
      at = child;
    }
  }

  /** Puts two in order; true when they were not. */
  #swapped(parent: number, child: number): boolean {
    const items = this.#items;
    const [a, b] = [items[parent], items[child]];
    if (!a || !b || byRank(a, b) <= 0) return false;
    items[parent] = b;
    items[child] = a;
    return true;
  }
}
