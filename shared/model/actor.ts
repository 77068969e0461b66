import type { AgentId, VisitorId } from "./ids.ts";

/** Who sent a command and therefore stands behind its events. `system` is the router, the ticker and the like. */
export type Actor =
  | { kind: "visitor"; id: VisitorId }
  | { kind: "agent"; id: AgentId }
  | { kind: "rule" | "system" | "bot" | "api"; id: string };

export type ActorKind = Actor["kind"];

export const sameActor = (a: Actor, b: Actor): boolean => a.kind === b.kind && a.id === b.id;
