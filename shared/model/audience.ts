/**
 * Three audiences, never single people, decide who sees an event (decision 11). The mask is
 * computed once, at commit, and stored beside the event; live delivery, sync, search and export all
 * filter by it.
 */
export type Audience = "visitor" | "agent" | "supervisor";

export const audienceBit = { visitor: 1, agent: 2, supervisor: 4 } as const satisfies Record<
  Audience,
  number
>;

/** A sum of audience bits. */
export type AudienceMask = number;

export const everyone: AudienceMask = 7;
export const staff: AudienceMask = 6;

export const includes = (mask: AudienceMask, audience: Audience): boolean =>
  (mask & audienceBit[audience]) !== 0;
