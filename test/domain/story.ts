import { changeOf } from "#server/domain/change.ts";
import type { ConversationCommand } from "#server/domain/commands.ts";
import { decide, type Facts } from "#server/domain/decide.ts";
import { envelop } from "#server/domain/draft.ts";
import type { Change } from "#server/ports.ts";
import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type {
  AgentId,
  CommandId,
  ConversationId,
  QueueId,
  SiteId,
  VisitorId,
  WorkspaceId,
} from "#shared/model/ids.ts";
import type { Because, ConversationEvent } from "#shared/protocol/events.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";

/** Ids that tests can read: `id("visitor", 1)`. */
export const id = <T extends string>(n: number): T =>
  `00000000-0000-7000-8000-${n.toString(16).padStart(12, "0")}` as T;

export const workspace = id<WorkspaceId>(1);
export const site = id<SiteId>(2);
export const frontLine = id<QueueId>(10);
export const specialists = id<QueueId>(11);
export const visitor = id<VisitorId>(20);
export const stranger = id<VisitorId>(21);
export const anna = id<AgentId>(30);
export const ben = id<AgentId>(31);
export const conversation = id<ConversationId>(40);

export const because: Because = {
  reason: "onlyCandidate",
  waitedMs: 0,
  position: 1,
  filtered: { notMember: 0, away: 0, notLive: 0, full: 0 },
  candidates: [],
  versions: { engine: 1, queue: 1 },
};

/** Plays commands against one conversation, as dispatch would, and keeps what came of them. */
export class Story {
  now = 1_000_000;
  staffed = true;
  state: Conversation | null = null;
  readonly events: ConversationEvent[] = [];
  readonly changes: Change[] = [];
  #commands = 100;

  get open(): Conversation {
    if (!this.state) throw new Error("the story has no conversation yet");
    return this.state;
  }

  visitor(command: Record<string, unknown> & { kind: string }, who = visitor) {
    return this.play({ kind: "visitor", id: who }, command);
  }

  agent(command: Record<string, unknown> & { kind: string }, who = anna) {
    return this.play({ kind: "agent", id: who }, { fence: this.state?.fence ?? 0, ...command });
  }

  system(command: Record<string, unknown> & { kind: string }) {
    return this.play(
      { kind: "system", id: "router" },
      { fence: this.state?.fence ?? 0, ...command },
    );
  }

  assign(agent = anna) {
    return this.system({ kind: "assign", agent, because });
  }

  play(by: Actor, given: Record<string, unknown>): ConversationEvent[] | Refusal | "already" {
    const command = {
      id: id(this.#commands++),
      conversation,
      ...given,
    } as unknown as ConversationCommand;
    const facts: Facts = {
      now: this.now,
      by,
      queues: new Map([
        [frontLine, { name: "Front line" }],
        [specialists, { name: "Specialists" }],
      ]),
      staffed: () => this.staffed,
      agentName: (agent) => (agent === anna ? "Anna" : agent === ben ? "Ben" : null),
      ...(by.kind === "visitor" && {
        arrival: { site, visitor: by.id, queue: frontLine, locale: "en", zone: "UTC" },
      }),
    };
    const decision = decide(this.state, command, facts);
    if ("refused" in decision) return decision.refused;
    if ("already" in decision) return "already";
    const before = this.state;
    const { events, after } = envelop(before, decision.decided, {
      workspace,
      conversation,
      by,
      cause: command.id as CommandId,
      now: this.now,
    });
    this.changes.push(
      changeOf(before, after, events, {
        id: command.id,
        subject: { kind: "conversation", id: conversation },
        sender: by,
        hash: "",
      }),
    );
    this.state = after;
    this.events.push(...events);
    return events;
  }
}

export const text = (words: string) => ({ type: "text", text: words });
