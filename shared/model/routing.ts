import type { Units } from "./agent.ts";
import type { QueueId } from "./ids.ts";
import type { SkillLevel } from "./skill.ts";

/** An agent's place in a queue. */
export type Membership = {
  queue: QueueId;
  /** Takes a chat of this queue only when it has waited this long in its leg: an overflow team. */
  delaySeconds: number;
  /** 1–99, 1 first: whom this queue prefers while others could take the chat as well. */
  priority: number;
};

export const defaultMembershipPriority = 50;

/** What two agents can be compared by; each says who comes first. */
export type Criterion =
  /** The lower membership priority. */
  | "membershipPriority"
  /** More spare units. */
  | "spareUnits"
  /** Longer since a chat came or went. */
  | "longestIdle"
  /** Longer since a chat was given or offered. */
  | "roundRobin"
  /** Fewer automatic assignments in the last hour. */
  | "fewestRecent"
  /** Fewer spare units that still suffice. */
  | "fillFirst"
  /** The lower id: different for any two. */
  | "id";

export type Method = "mostSpare" | "longestIdle" | "roundRobin" | "fillFirst";

/** What changes for a chat once it has waited `afterSeconds` in its leg. Steps add up. */
export type RelaxationStep = {
  afterSeconds: number;
  /** These skills are asked for at this level at most. */
  lower?: Readonly<Record<string, SkillLevel>>;
  /** These skills are no longer asked for. */
  drop?: readonly string[];
  /** Members of these queues may take it too. */
  widen?: readonly QueueId[];
};

/** How a queue finds somebody for its chats. */
export type RoutingPolicy = {
  /** Append-only version of the settings this comes from. */
  version: number;
  /** Seconds of age one priority point is worth (decision 16). */
  stepSeconds: number;
  method: Method;
  /** Asked in turn where the method finds no difference; ids decide in the end. */
  tieBreak: readonly Criterion[];
  /** Whether chats are handed out, taken from the list by people, or both. */
  take: "push" | "pull" | "both";
  /** Ask this many agents at once (at most 50) for this long; null assigns without asking. */
  ring: { seconds: number; agents: number } | null;
  /** What one agent may hold of this queue's chats; null is no limit besides their own. */
  perAgentUnits: Units | null;
  /** Automatic assignments one agent gets within a window of an hour at most; null is no limit. */
  cap: { assignments: number; windowSeconds: number } | null;
  relaxation: {
    steps: readonly RelaxationStep[];
    /** From this wait on skills don't matter any more; null is never. */
    anyoneAfterSeconds: number | null;
  };
};

/**
 * Most spare capacity first is what Zendesk, Intercom and the others with chat start with; the one who
 * has been idle longest is the fair choice among equals.
 */
export const defaultRoutingPolicy: RoutingPolicy = {
  version: 0,
  stepSeconds: 60,
  method: "mostSpare",
  tieBreak: ["longestIdle"],
  take: "push",
  ring: null,
  perAgentUnits: null,
  cap: null,
  relaxation: { steps: [], anyoneAfterSeconds: null },
};
