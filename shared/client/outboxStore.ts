import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";

/** A command as it waits: without what only the moment of sending knows. */
export type OutboxEntry = {
  id: CommandId;
  conversation: ConversationId;
  /** When it was written; also its place in the order, so it grows with every entry of a tab. */
  at: Instant;
  command:
    | { kind: "start"; name?: string; page?: string }
    | { kind: "say"; text: string }
    | { kind: "note"; text: string }
    | { kind: "end" };
  /** The fence it was first sent with: a repeat must be the same to the letter. */
  fence?: number;
  state:
    | { is: "queued" }
    | { is: "acked"; seq: number; epoch: string; at: Instant }
    /** Without a failure it was never sent: it grew too old. */
    | { is: "failed"; failure?: Refusal };
};

/** Where unsent commands survive a reload. `sender` keeps apart the people who share a browser. */
export type OutboxStore = {
  /** False once nothing outlives the page. */
  readonly kept: boolean;
  load(sender: string): Promise<OutboxEntry[]>;
  save(sender: string, entry: OutboxEntry): Promise<void>;
  remove(sender: string, id: CommandId): Promise<void>;
};
