import type { Cursors } from "#shared/protocol/sockets.ts";

/** The columns of `cursor`; null where nothing was confirmed yet. */
export type CursorRow = {
  visitor_delivered: number | null;
  visitor_read: number | null;
  agent_delivered: number | null;
  agent_read: number | null;
};

export const cursorsOf = (row: CursorRow | null): Cursors => ({
  visitor: { delivered: row?.visitor_delivered ?? 0, read: row?.visitor_read ?? 0 },
  agent: { delivered: row?.agent_delivered ?? 0, read: row?.agent_read ?? 0 },
});
