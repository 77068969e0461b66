import { chat } from "#console/gallery/cast.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";

/** A row of the agent's own list; `unanswered` and `answered` are seconds ago. */
export const ours = (n: number, unanswered: number): ListRow =>
  chat({ n, unanswered, said: ["visitor", "Hello?", unanswered] });

export const theirs = (n: number, answered: number): ListRow =>
  chat({ n, said: ["agent", "Hello.", answered] });

export const idsOf = (rows: readonly ListRow[]): string[] =>
  rows.map(({ conversation }) => conversation.id);
