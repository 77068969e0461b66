import { before, type Facts, type Violation } from "../facts.ts";

/**
 * I11: what an agent may only do while holding a chat was done while holding it, by the fence it was
 * sent with; and nothing but a visitor's message enters a closed chat's log, or a note.
 */
export function rights(facts: Facts): Violation[] {
  const found: Violation[] = [];
  for (const log of facts.truth.logs.values()) {
    for (const event of log) {
      if (event.index !== 0 || event.by.kind !== "agent" || event.kind === "note") continue;
      found.push(...trespass(facts, event));
    }
  }
  return found;
}

function trespass(facts: Facts, event: Parameters<typeof before>[1]): Violation[] {
  const { conversation, seq, cause, by, kind } = event;
  const state = before(facts, event);
  if (!state) return [];
  const found: Violation[] = [];
  const say = (says: string) =>
    found.push({ invariant: "I11", conversation, seqs: [seq], says: `${kind} was taken ${says}` });
  const fence = facts.commands.get(cause)?.fence;
  if (typeof fence === "number" && fence !== state.fence) {
    say(`with fence ${fence} while it was ${state.fence}`);
  }
  if (state.status === "closed") say("into a closed chat");
  else if (state.owner !== by.id) say(`from somebody who did not hold the chat (${state.status})`);
  return found;
}
