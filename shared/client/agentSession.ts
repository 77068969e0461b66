import type { ReadonlySignal } from "@preact/signals-core";
import type { DeclaredStatus } from "#shared/model/agent.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId, QueueId } from "#shared/model/ids.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { Accepted, AgentWelcome, Answer, ListRow, Me } from "#shared/protocol/sockets.ts";
import type { ConnectionState } from "./connection.ts";
import type { OutboxStore } from "./outboxStore.ts";
import type { TimelineRow } from "./timeline.ts";

export type ListState = { rows: readonly ListRow[]; total: number; ready: boolean };

/** One conversation as the console follows it, until `leave`. */
export type Thread = {
  id: ConversationId;
  conversation: ReadonlySignal<Conversation | null>;
  timeline: ReadonlySignal<readonly TimelineRow[]>;
  /** All that had happened when it was opened is here. */
  ready: ReadonlySignal<boolean>;
  visitorTyping: ReadonlySignal<boolean>;
  say(text: string): void;
  note(text: string): void;
  transfer(queue: QueueId, note: string | null): Promise<Answer<Accepted>>;
  close(): Promise<Answer<Accepted>>;
  /** Sends a failed row again, as a new command. */
  retry(key: string): void;
  /** Forgets a failed row. */
  discard(key: string): void;
  typing(on: boolean): void;
  /** The agent sees all there is. */
  read(): void;
  leave(): void;
};

/** Everything the console knows and can do live. */
export type AgentSession = {
  connection: ReadonlySignal<ConnectionState>;
  /** Why the connection was refused for good. */
  refusal: ReadonlySignal<Refusal | null>;
  welcome: ReadonlySignal<AgentWelcome | null>;
  me: ReadonlySignal<Me | null>;
  mine: ReadonlySignal<ListState>;
  waiting: ReadonlySignal<ListState>;
  setStatus(status: DeclaredStatus): Promise<Answer<Accepted>>;
  thread(id: ConversationId): Thread;
  dispose(): void;
};

export type AgentSessionOptions = {
  /** Origin of the server. */
  url: string;
  locale: string;
  zone: string;
  storage?: OutboxStore;
};

export function openAgentSession(options: AgentSessionOptions): AgentSession {
  throw new Error(`no session at ${options.url} yet`);
}
