import { fc } from "@fast-check/vitest";
import { decide, type Facts } from "#server/domain/decide.ts";
import { envelop } from "#server/domain/draft.ts";
import type { Actor } from "#shared/model/actor.ts";
import { oneChat } from "#shared/model/agent.ts";
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
import { hours } from "#shared/model/time.ts";
import type { Because, ConversationEvent } from "#shared/protocol/events.ts";

export const visitor: Actor = { kind: "visitor", id: "v1" as VisitorId };
const queues = new Map([
  ["q1" as QueueId, { name: "Sales" }],
  ["q2" as QueueId, { name: "Support" }],
]);
/** What only staff may read is marked, so that a test can look for a single byte of it. */
export const secret = "SECRET";

const because: Because = {
  reason: "mostSpareUnits",
  waitedMs: 5,
  position: 1,
  filtered: { notMember: 0, away: 0, notLive: 0, full: 0 },
  candidates: [{ agent: `${secret} a1` as AgentId, spare: oneChat, lastAssignedAt: 0 }],
  versions: { engine: 1, queue: 1 },
};

type Step = {
  kind: "say" | "end" | "agentSay" | "note" | "transfer" | "close" | "assign" | "wake";
  text: string;
  agent: AgentId;
  queue: QueueId;
  staffed: boolean;
  /** How long after the step before; some are longer than a reopening may take. */
  after: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    "say",
    "end",
    "agentSay",
    "note",
    "transfer",
    "close",
    "assign",
    "wake",
    "say",
    "agentSay",
    "assign",
  ),
  text: fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }),
  agent: fc.constantFrom("a1" as AgentId, "a2" as AgentId),
  queue: fc.constantFrom(...queues.keys()),
  staffed: fc.boolean(),
  after: fc.oneof(fc.nat(60_000), fc.constantFrom(-500, hours(20), hours(30))),
});

/** Runs the steps through the real decisions; what they refuse leaves no event. */
function logOf(steps: readonly Step[], staffed: boolean): ConversationEvent[] {
  const conversation = "c1" as ConversationId;
  const events: ConversationEvent[] = [];
  let state: Conversation | null = null;
  let now = Date.UTC(2026, 0, 5, 9);
  let count = 0;

  const run = (by: Actor, command: Parameters<typeof decide>[1], present: boolean) => {
    const facts: Facts = {
      now,
      by,
      queues,
      staffed: () => present,
      agentName: (agent) => `Agent ${agent}`,
      arrival: {
        site: "s1" as SiteId,
        visitor: visitor.id as VisitorId,
        queue: "q1" as QueueId,
        locale: "uk",
        zone: "Europe/Kyiv",
      },
    };
    const decision = decide(state, command, facts);
    if (!("decided" in decision)) return;
    const cause = command.id;
    const workspace = "w1" as WorkspaceId;
    const made = envelop(state, decision.decided, { workspace, conversation, by, cause, now });
    events.push(...made.events);
    state = made.after;
  };

  const own = () => ({ id: `command-${count++}` as CommandId, conversation });
  run(visitor, { ...own(), kind: "start", name: "Vera", page: "https://shop.example/" }, staffed);
  for (const { kind, text, agent, queue, staffed: present, after } of steps) {
    now += after;
    const fence = (state as Conversation | null)?.fence ?? 0;
    const person: Actor = { kind: "agent", id: agent };
    const router: Actor = { kind: "system", id: "router" };
    const content = { type: "text" as const, text };
    const hidden = `${secret} ${text}`;
    switch (kind) {
      case "say":
        run(visitor, { ...own(), kind, content }, present);
        break;
      case "end":
        run(visitor, { ...own(), kind }, present);
        break;
      case "agentSay":
        run(person, { ...own(), kind: "say", fence, content }, present);
        break;
      case "note":
        run(person, { ...own(), kind, text: hidden }, present);
        break;
      case "transfer":
        run(person, { ...own(), kind, fence, queue, note: hidden }, present);
        break;
      case "close":
        run(person, { ...own(), kind, fence }, present);
        break;
      case "assign":
        run(router, { ...own(), kind, fence, agent, because }, present);
        break;
      case "wake":
        run(router, { ...own(), kind, fence }, present);
        break;
    }
  }
  return events;
}

/** Histories a conversation can really have: made by the decisions, never empty. */
export const history: fc.Arbitrary<ConversationEvent[]> = fc
  .tuple(fc.array(step, { maxLength: 40 }), fc.boolean())
  .map(([steps, staffed]) => logOf(steps, staffed));
