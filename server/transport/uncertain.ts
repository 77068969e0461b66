import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { createRounds } from "../engine/rounds.ts";
import { type Ledger, LedgerUnavailable } from "../ports.ts";
import type { Delivery } from "./deliver.ts";

/**
 * Conversations of which this node can't say whether everybody was told: SQL was away in the middle of
 * a commit, or had taken the command before. Where their logs end is told as soon as SQL answers.
 */
export type Uncertain = {
  add(conversation: ConversationId): void;
  stop(): void;
};

/** Many come at once when everybody sends again; and SQL that is away isn't back sooner for being asked. */
const pause: Millis = seconds(1);

export function createUncertain(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  delivery: Pick<Delivery, "cursors">;
  /** SQL answers, and lists may lack what was committed. */
  told(): void;
  warn(message: string, error: unknown): void;
}): Uncertain {
  const { workspace, ledger, delivery, told, warn } = parts;
  let open = new Set<ConversationId>();
  const rounds = createRounds(tell, (error) => warn("telling uncertain commits failed", error));

  async function tell(): Promise<void> {
    const asked = open;
    open = new Set();
    try {
      const heads = await ledger.heads(workspace, [...asked]);
      for (const [conversation, head] of heads) delivery.cursors(conversation, head);
      told();
    } catch (error) {
      for (const conversation of asked) add(conversation);
      if (!(error instanceof LedgerUnavailable)) throw error;
    }
  }

  function add(conversation: ConversationId): void {
    open.add(conversation);
    rounds.soon(pause);
  }

  return { add, stop: rounds.stop };
}
