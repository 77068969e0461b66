import type { Instant } from "#shared/model/time.ts";

/**
 * A waiting chat's score: lower is served earlier. One point of priority is worth `stepSeconds` of
 * age, so a chat is overtaken by a more important one only within a bounded span, and nobody starves
 * (decision 16; Genesys ages its queues the same way).
 */
export const rank = (priority: number, queuedAt: Instant, stepSeconds: number): number =>
  queuedAt - Math.round(stepSeconds * 1_000) * priority;

type Ranked = { score: number; queuedAt: Instant; id: string };

/** Total order (score, queuedAt, id): equal on no two chats, the same on every node. */
export const byRank = (a: Ranked, b: Ranked): number =>
  a.score - b.score || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
