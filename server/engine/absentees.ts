import type { Conversation } from "#shared/model/conversation.ts";
import type { AgentId, CommandId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, minutes, seconds } from "#shared/model/time.ts";
import { absentFor } from "../domain/absent.ts";
import type { SystemCommand } from "../domain/commands.ts";
import type { Clock, Desk, Ids, Ledger } from "../ports.ts";
import { DeskUnavailable, LedgerUnavailable } from "../ports.ts";
import type { Directory } from "./directory.ts";
import type { Dispatch } from "./dispatch.ts";
import { createDuty, type Duty } from "./duty.ts";
import { createWatch } from "./watch.ts";

/**
 * How long an agent whose connections are gone keeps its chats. A reload takes seconds, a laptop that
 * changes networks or a node that dies under it less than half a minute with the reconnect; a visitor
 * shouldn't talk to nobody for longer than this.
 */
export const agentGrace: Millis = seconds(60);
/**
 * How long a visitor without any connection keeps their place in a queue. Somebody who reads another
 * page or whose telephone sleeps comes back within this; an agent shouldn't be given an empty chair.
 */
export const visitorGrace: Millis = minutes(30);
/** Looked at this often, so chats come back at most this much after the grace. */
const every = seconds(5);
/** Those who wait are many and their grace is long: this often within it they are looked at. */
const visitorLooks = 30;
/** More chats than any agent holds; the next look takes the rest. */
const atOnce = 200;

export type AbsenteesPace = { grace: Millis; every: Millis; visitorGrace?: Millis };

/**
 * Gives the chats of agents who are certainly gone back to their queues, with their age, and takes
 * the chats of visitors who are certainly gone out of theirs (SPEC RC5, RC6, RC24). An agent stays
 * declared as it is: who comes back online gets new chats without a word. While a living node can't
 * reach the Desk nobody is moved (SPEC RC20), and the watch begins anew. Counted from evidence alone,
 * no timer to lose: a restarted node or an emptied Redis begins anew, a machine that slept too (RC23).
 */
export function createAbsentees(parts: {
  workspace: WorkspaceId;
  node: string;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  dispatch: Dispatch;
  clock: Clock;
  /** A clock that only goes on while this machine runs. */
  elapsed(): Millis;
  ids: Ids;
  requeued(agent: AgentId, chats: number): void;
  /** Visitors gave up waiting. */
  leftQueue(chats: number): void;
  warn(message: string, error: unknown): void;
  /** Tests have less patience. */
  pace?: AbsenteesPace;
}): Duty {
  const { workspace, ledger, desk, directory, dispatch, clock, elapsed, ids } = parts;
  const { requeued, leftQueue } = parts;
  const pace = { visitorGrace, ...(parts.pace ?? { grace: agentGrace, every }) };
  const watch = createWatch({ elapsed, wall: () => clock.now(), every: pace.every });
  let visitorsLookedAt = Number.NEGATIVE_INFINITY;

  async function work(): Promise<void> {
    try {
      await look();
    } catch (error) {
      // What happened while a store was away was not seen.
      if (error instanceof DeskUnavailable || error instanceof LedgerUnavailable) watch.anew();
      throw error;
    }
  }

  async function look(): Promise<void> {
    watch.look();
    // Whoever is connected to a node that is cut off is not heard of here, which is not being gone.
    const nodes = await ledger.nodes(workspace);
    if (nodes.some(({ cutOff }) => cutOff)) return watch.anew();
    await lookForAgents();
    if (elapsed() - visitorsLookedAt < pace.visitorGrace / visitorLooks) return;
    visitorsLookedAt = elapsed();
    await lookForVisitors();
  }

  /** Those of them who have certainly been away for as long. */
  async function absent<Id extends string>(
    kind: "agent" | "visitor",
    who: readonly Id[],
    grace: Millis,
  ): Promise<Set<Id>> {
    const { at, knownFor, silentFor } = await desk.absence(workspace, kind, who);
    watch.heardDesk(at);
    const watchedFor = watch.lasted();
    const silent = who.filter((_, i) => {
      const evidence = { silentFor: silentFor[i] ?? null, knownFor, watchedFor };
      return absentFor(evidence) >= grace;
    });
    return new Set(silent);
  }

  async function lookForAgents(): Promise<void> {
    const holding = [...directory.agents.values()].filter(({ used }) => used > 0);
    const agents = holding.map(({ id }) => id);
    const gone = await absent("agent", agents, pace.grace);
    if (gone.size > 0) await giveBack([...gone]);
  }

  async function giveBack(gone: readonly AgentId[]): Promise<void> {
    const held = await ledger.mine(workspace, gone, atOnce);
    for (const [agent, { rows }] of held) {
      const moved = await send(
        rows.map(({ conversation: { id: conversation, fence } }) => ({
          kind: "requeue" as const,
          id: ids.next() as CommandId,
          conversation,
          fence,
          agent,
        })),
      );
      if (moved > 0) requeued(agent, moved);
    }
  }

  async function lookForVisitors(): Promise<void> {
    const waiting = (await ledger.openConversations(workspace)).filter(waits);
    if (waiting.length === 0) return;
    const visitors = waiting.map(({ visitor }) => visitor);
    const gone = await absent("visitor", visitors, pace.visitorGrace);
    const theirs = waiting.filter(({ visitor }) => gone.has(visitor)).slice(0, atOnce);
    const left = await send(
      theirs.map(({ id: conversation, fence, seq }) => ({
        kind: "abandon" as const,
        id: ids.next() as CommandId,
        conversation,
        fence,
        seq,
      })),
    );
    if (left > 0) leftQueue(left);
  }

  /** How many of them did something. */
  async function send(commands: readonly SystemCommand[]): Promise<number> {
    const by = { kind: "system", id: "absentees" } as const;
    const answers = await Promise.all(commands.map((command) => dispatch.send(command, { by })));
    return answers.filter(({ ok }) => ok).length;
  }

  return createDuty({ ...parts, name: "absentees", every: pace.every, work });
}

const waits = ({ status }: Conversation): boolean => status === "queued";
