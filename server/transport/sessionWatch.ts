import type { Namespace } from "socket.io";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { createRounds } from "../engine/rounds.ts";
import { type Clock, type Desk, type Ledger, LedgerUnavailable } from "../ports.ts";

/** The end of a session is announced once; whoever missed that finds it out this much later. */
const every = seconds(10);

/**
 * Asks SQL about the sessions of all agents connected here, in one query, and cuts off those that
 * ended, expired or belong to somebody disabled; at once when Redis is back, for what it didn't carry.
 */
export function watchSessions(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  clock: Clock;
  agents: Namespace;
  ended(session: string): void;
  warn(message: string, error: unknown): void;
  pace?: Millis;
}): () => void {
  const { workspace, ledger, desk, clock, agents, ended, warn } = parts;

  async function round(): Promise<void> {
    const here = new Set<string>();
    for (const { data } of agents.sockets.values()) here.add((data as { session: string }).session);
    if (here.size === 0) return;
    const live = await ledger.liveSessions(workspace, [...here], clock.now());
    for (const session of here) if (!live.has(session)) ended(session);
  }

  const rounds = createRounds(round, (error) => {
    // Unknown is not ended.
    if (!(error instanceof LedgerUnavailable)) warn("sessions not looked at", error);
  });
  const timer = setInterval(() => rounds.soon(0), parts.pace ?? every);
  const stopReturn = desk.onReturn(() => rounds.soon(0));
  return () => {
    clearInterval(timer);
    stopReturn();
    rounds.stop();
  };
}
