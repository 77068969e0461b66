import type { Facts, Violation } from "../facts.ts";

/**
 * I9: every conversation is in exactly the place its log leads to, in its row and in the agents'
 * slots: held by one agent who exists, waiting, parked or closed.
 */
export function places(facts: Facts): Violation[] {
  const { truth, states } = facts;
  const found: Violation[] = [];
  const used = new Map<string, number>();
  const units = new Map<string, number>();
  for (const [conversation, log] of truth.logs) {
    const state = states.get(conversation)?.at(-1);
    const row = truth.rows.get(conversation);
    const say = (says: string) =>
      found.push({ invariant: "I9", conversation, seqs: [log.length], says });
    if (!state || !row) {
      say("has a log and no row");
      continue;
    }
    if (row.status !== state.status || row.owner !== state.owner || row.fence !== state.fence) {
      say(`is ${row.status} by its row and ${state.status} by its log`);
    }
    const held = log.findLast((event) => event.kind === "assigned");
    if (state.owner !== null && held?.kind === "assigned") {
      used.set(state.owner, (used.get(state.owner) ?? 0) + held.body.units);
      units.set(`${state.owner} ${conversation}`, held.body.units);
    }
    if (state.owner !== null && !truth.agents.some(({ id }) => id === state.owner)) {
      say(`is held by nobody known (${state.owner})`);
    }
  }
  for (const { id, used: kept } of truth.agents) {
    const held = used.get(id) ?? 0;
    if (kept === held) continue;
    const says = `${id} holds ${held} units by the logs and ${kept} by the slots`;
    found.push({ invariant: "I9", conversation: null, seqs: [], says });
  }
  for (const { agent, conversation, units: kept } of truth.slots ?? []) {
    if (units.get(`${agent} ${conversation}`) === kept) continue;
    const says = `a slot of ${agent} that the log knows nothing of`;
    found.push({ invariant: "I9", conversation, seqs: [], says });
  }
  return found;
}
