import type { EventOf } from "#shared/protocol/events.ts";
import { type Facts, isMove, type Violation } from "../facts.ts";

/**
 * I8: no agent is assigned beyond capacity, and whoever assigns knows what agents hold: no decision
 * rests on more room than there was.
 */
export function load({ truth, options }: Facts): Violation[] {
  const { slackMs } = options;
  const capacity = new Map<string, number>(truth.agents.map(({ id, capacity }) => [id, capacity]));
  const { changes, decisions } = read(truth.logs.values());
  const rooms = new Map(
    [...capacity].map(([agent, most]) => [agent, new Room(most, changes.get(agent) ?? [])]),
  );
  const found: Violation[] = [];
  for (const { conversation, seq, at, body, because } of decisions) {
    const say = (says: string) => found.push({ invariant: "I8", conversation, seqs: [seq], says });
    const room = rooms.get(body.agent);
    if (room && room.most(at - slackMs, at + slackMs) < 0) {
      say(`${body.agent} was given more than its capacity`);
    }
    for (const { agent, spare } of because?.candidates ?? []) {
      const most = rooms.get(agent)?.most(at - slackMs, at + slackMs) ?? 0;
      if (spare > most) say(`was decided with ${spare} units of ${agent} free, there were ${most}`);
    }
  }
  return found;
}

type Change = { at: number; units: number };

function read(
  logs: Iterable<Facts["truth"]["logs"] extends ReadonlyMap<string, infer L> ? L : never>,
) {
  const changes = new Map<string, Change[]>();
  const decisions: EventOf<"assigned">[] = [];
  const add = (agent: string, change: Change) => {
    const known = changes.get(agent) ?? [];
    changes.set(agent, known);
    known.push(change);
  };
  for (const log of logs) {
    let held: { agent: string; units: number } | null = null;
    for (const event of log) {
      if (!isMove(event)) continue;
      if (held) add(held.agent, { at: event.at, units: -held.units });
      held = null;
      if (event.kind !== "assigned") continue;
      held = event.body;
      add(held.agent, { at: event.at, units: held.units });
      decisions.push(event);
    }
  }
  return { changes, decisions: decisions.sort((a, b) => a.at - b.at) };
}

/** An agent's free units over time; asked in the order of time, it walks along once. */
class Room {
  /** Free units from an instant on, until the next. */
  readonly #steps: { at: number; free: number }[];
  #from = 0;

  constructor(capacity: number, changes: Change[]) {
    let free = capacity;
    // At the same instant a chat leaves before another comes.
    const sorted = changes.sort((a, b) => a.at - b.at || a.units - b.units);
    this.#steps = [
      { at: Number.NEGATIVE_INFINITY, free },
      ...sorted.map(({ at, units }) => {
        free -= units;
        return { at, free };
      }),
    ];
  }

  /** The most that was free at any instant between the two. */
  most(from: number, to: number): number {
    while ((this.#steps[this.#from + 1]?.at ?? Number.POSITIVE_INFINITY) <= from) this.#from += 1;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = this.#from; i < this.#steps.length; i++) {
      const step = this.#steps[i];
      if (!step || step.at > to) break;
      most = Math.max(most, step.free);
    }
    return most;
  }
}
