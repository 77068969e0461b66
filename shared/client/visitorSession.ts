import type { ReadonlySignal } from "@preact/signals-core";
import type { Conversation } from "#shared/model/conversation.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { VisitorWelcome } from "#shared/protocol/sockets.ts";
import type { ConnectionState } from "./connection.ts";
import type { OutboxStore } from "./outboxStore.ts";
import type { TimelineRow } from "./timeline.ts";

/** Everything the widget knows and can do. */
export type VisitorSession = {
  connection: ReadonlySignal<ConnectionState>;
  /** Why the connection was refused for good. */
  refusal: ReadonlySignal<Refusal | null>;
  welcome: ReadonlySignal<VisitorWelcome | null>;
  staffed: ReadonlySignal<boolean>;
  /** The visitor's one conversation; null before the first message was taken and after `startNew`. */
  conversation: ReadonlySignal<Conversation | null>;
  timeline: ReadonlySignal<readonly TimelineRow[]>;
  position: ReadonlySignal<number | null>;
  agentTyping: ReadonlySignal<boolean>;
  /** Agents' messages the visitor has not read. */
  unread: ReadonlySignal<number>;
  start(name: string | null, text: string): void;
  say(text: string): void;
  end(): void;
  /** Sends a failed row again, as a new command. */
  retry(key: string): void;
  typing(on: boolean): void;
  /** The visitor sees all there is. */
  read(): void;
  /** Leaves a closed conversation behind; the next message starts another. */
  startNew(): void;
  dispose(): void;
};

export type VisitorSessionOptions = {
  /** Origin of the server. */
  url: string;
  site: string;
  ticket: string;
  token: string;
  locale: string;
  zone: string;
  page(): string;
  storage?: OutboxStore;
};

export function openVisitorSession(options: VisitorSessionOptions): VisitorSession {
  throw new Error(`no session for ${options.site} yet`);
}
