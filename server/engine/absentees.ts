import type { AgentId, CommandId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { absentFor } from "../domain/absent.ts";
import type { Clock, Desk, Ids, Ledger } from "../ports.ts";
import { DeskUnavailable, LedgerUnavailable } from "../ports.ts";
import type { Directory } from "./directory.ts";
import type { Dispatch } from "./dispatch.ts";
import { createDuty, type Duty } from "./duty.ts";

/**
 * How long an agent whose connections are gone keeps its chats. A reload takes seconds, a laptop that
 * changes networks or a node that dies under it less than half a minute with the reconnect; a visitor
 * shouldn't talk to nobody for longer than this.
 */
export const agentGrace: Millis = seconds(60);
/** Looked at this often, so chats come back at most this much after the grace. */
const every = seconds(5);
/** More chats than any agent holds; the next look takes the rest. */
const atOnce = 200;

/**
 * Gives the chats of agents who are certainly gone back to their queues, with their age (SPEC RC5,
 * RC6). The agent stays declared as it is: who comes back online gets new chats without a word.
 * While a living node can't reach the Desk nobody is moved (SPEC RC20), and the watch begins anew.
 * Counted from evidence alone, no timer to lose: a restarted node or an emptied Redis begins anew.
 */
export function createAbsentees(parts: {
  workspace: WorkspaceId;
  node: string;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  dispatch: Dispatch;
  clock: Clock;
  ids: Ids;
  requeued(agent: AgentId, chats: number): void;
  warn(message: string, error: unknown): void;
  /** Tests have less patience. */
  pace?: { grace: Millis; every: Millis };
}): Duty {
  const { workspace, ledger, desk, directory, dispatch, clock, ids, requeued } = parts;
  const pace = parts.pace ?? { grace: agentGrace, every };
  let watchingSince = clock.now();

  async function work(): Promise<void> {
    try {
      await look();
    } catch (error) {
      // What happened while a store was away was not seen.
      if (error instanceof DeskUnavailable || error instanceof LedgerUnavailable) {
        watchingSince = clock.now();
      }
      throw error;
    }
  }

  async function look(): Promise<void> {
    // Whoever is connected to a node that is cut off is not heard of here, which is not being gone.
    const nodes = await ledger.nodes(workspace);
    if (nodes.some(({ cutOff }) => cutOff)) {
      watchingSince = clock.now();
      return;
    }
    const holding = [...directory.agents.values()].filter(({ used }) => used > 0);
    if (holding.length === 0) return;
    const agents = holding.map(({ id }) => id);
    const { knownFor, silentFor } = await desk.absence(workspace, "agent", agents);
    const watchedFor = clock.now() - watchingSince;
    const silent = agents.filter((_, i) => {
      const evidence = { silentFor: silentFor[i] ?? null, knownFor, watchedFor };
      return absentFor(evidence) >= pace.grace;
    });
    if (silent.length === 0) return;
    const { live } = await desk.floor(workspace, 0);
    const gone = silent.filter((agent) => !live.has(agent));
    if (gone.length > 0) await giveBack(gone);
  }

  async function giveBack(gone: readonly AgentId[]): Promise<void> {
    const held = await ledger.mine(workspace, gone, atOnce);
    for (const [agent, { rows }] of held) {
      const answers = await Promise.all(
        rows.map(({ conversation: { id: conversation, fence } }) =>
          dispatch.send(
            { kind: "requeue", id: ids.next() as CommandId, conversation, fence, agent },
            { by: { kind: "system", id: "absentees" } },
          ),
        ),
      );
      const moved = answers.filter(({ ok }) => ok).length;
      if (moved > 0) requeued(agent, moved);
    }
  }

  return createDuty({ ...parts, name: "absentees", every: pace.every, work });
}
