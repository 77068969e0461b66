import { v7 } from "uuid";
import { expect } from "vitest";
import { changeOf } from "#server/domain/change.ts";
import { type Draft, envelop } from "#server/domain/draft.ts";
import type { Change, CommandRecord, Committed, Ledger, SiteRecord } from "#server/ports.ts";
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
import type { ConversationEvent } from "#shared/protocol/events.ts";

export const fresh = <T extends string>(): T => v7() as T;

/** The instant the tests' people begin to act. */
export const noon = 1_764_000_000_000;

/** A workspace of a test's own, set up in the store under test. */
export class World {
  readonly workspace = fresh<WorkspaceId>();
  readonly site: SiteRecord;
  readonly sales = fresh<QueueId>();
  readonly support = fresh<QueueId>();
  readonly anna = fresh<AgentId>();
  readonly ben = fresh<AgentId>();
  readonly ledger: Ledger;
  now = noon;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.site = {
      id: fresh<SiteId>(),
      key: "shop",
      name: "Shop",
      origins: ["https://shop.example"],
      accent: "#336699",
      queue: this.sales,
    };
  }

  static async open(ledger: Ledger): Promise<World> {
    const world = new World(ledger);
    await ledger.seed(world.workspace, world.seed());
    return world;
  }

  seed() {
    const { sales, support, anna, ben, site } = this;
    return {
      at: this.now,
      name: "Example",
      queues: [
        { id: sales, name: "Sales", escalatesTo: support, stepSeconds: 30 },
        { id: support, name: "Support", escalatesTo: null, stepSeconds: 1.5 },
      ],
      sites: [site],
      agents: [
        {
          id: anna,
          email: "anna@example.com",
          name: "Anna",
          role: "agent" as const,
          passwordHash: "scrypt$anna",
          capacity: 300,
          queues: [sales, support].sort(),
        },
        {
          id: ben,
          email: "ben@example.com",
          name: "Ben",
          role: "owner" as const,
          passwordHash: "scrypt$ben",
          capacity: 100,
          queues: [sales],
        },
      ],
      cannedReplies: [
        { id: fresh<string>(), shortcut: "hi", title: "Greeting", text: "Hello!" },
        { id: fresh<string>(), shortcut: "bye", title: "Farewell", text: "Goodbye!" },
      ],
    };
  }

  chat(visitor = fresh<VisitorId>()): Chat {
    return new Chat(this, visitor);
  }

  /** A chat that is waiting in a queue. */
  async waiting(more: { priority?: number; queue?: QueueId; queuedAt?: number } = {}) {
    const chat = this.chat();
    await chat.commits(chat.visitorActor, [chat.started(), chat.queued(more)]);
    return chat;
  }
}

/** Makes changes to one conversation, and remembers what was committed. */
export class Chat {
  readonly world: World;
  readonly visitor: VisitorId;
  readonly id = fresh<ConversationId>();
  state: Conversation | null = null;
  events: ConversationEvent[] = [];

  constructor(world: World, visitor: VisitorId) {
    this.world = world;
    this.visitor = visitor;
  }

  get visitorActor(): Actor {
    return { kind: "visitor", id: this.visitor };
  }

  /** The state after the last commit; a test that reads it has committed something. */
  get now(): Conversation {
    if (!this.state) throw new Error("nothing was committed yet");
    return this.state;
  }

  started(): Draft {
    const { site, sales } = this.world;
    const about = { name: "Vera", locale: "uk", zone: "Europe/Kyiv", page: "/cart" };
    const weight = { queue: sales, priority: 20, units: 100 };
    return {
      kind: "started",
      body: { site: site.id, visitor: this.visitor, ...about, ...weight },
    };
  }

  queued({ priority = 20, queue = this.world.sales, queuedAt = this.world.now } = {}): Draft {
    const body = { queue, queueName: "A queue", queuedAt, priority, why: "started" as const };
    return { kind: "queued", body, fences: true, newLeg: true };
  }

  assigned(agent: AgentId, units = 100): Draft {
    return { kind: "assigned", body: { agent, name: "An agent", units }, fences: true };
  }

  parked(): Draft {
    const body = { why: "unattended" as const, wakeAt: null, queue: this.world.sales };
    return { kind: "parked", body: { ...body, queueName: "Sales" }, fences: true };
  }

  closed(): Draft {
    return { kind: "closed", body: { reason: "agent" }, fences: true };
  }

  said(text: string): Draft {
    return { kind: "message", body: { type: "text", text } };
  }

  noted(text: string): Draft {
    return { kind: "note", body: { text, about: "note" } };
  }

  /** What a command would change now; nothing is sent. */
  change(by: Actor, drafts: readonly Draft[], command: Partial<CommandRecord> = {}): Change {
    const subject = { kind: "conversation" as const, id: this.id };
    const record = { id: fresh<CommandId>(), subject, sender: by, hash: "h", ...command };
    const { workspace, now } = this.world;
    const { events, after } = envelop(this.state, drafts, {
      workspace,
      conversation: this.id,
      by,
      cause: record.id,
      now,
    });
    return changeOf(this.state, after, events, record);
  }

  /** Commits a change, and remembers it when it was committed. */
  async commit(change: Change, ledger = this.world.ledger): Promise<Committed> {
    const committed = await ledger.commit(change);
    if (committed.status === "committed") {
      this.state = change.conversation;
      this.events.push(...change.events);
    }
    return committed;
  }

  async commits(by: Actor, drafts: readonly Draft[], ledger?: Ledger): Promise<Change> {
    const change = this.change(by, drafts);
    const { status } = await this.commit(change, ledger);
    expect(status).toBe("committed");
    return change;
  }
}
