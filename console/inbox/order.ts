import type { ListRow } from "#shared/protocol/sockets.ts";
import { turnOf, waitingSince } from "./turn.ts";

/** Who waits for us comes first, the longest waiting on top; below, the chats that moved last. */
export const orderMine = (rows: readonly ListRow[]): ListRow[] => [...rows].sort(byTurn);

function byTurn(a: ListRow, b: ListRow): number {
  const [turnA, turnB] = [turnOf(a), turnOf(b)];
  if (turnA !== turnB) return turnA === "ours" ? -1 : 1;
  const longest = waitingSince(a) - waitingSince(b);
  const [idA, idB] = [a.conversation.id, b.conversation.id];
  return (turnA === "ours" ? longest : -longest) || (idA < idB ? -1 : idA > idB ? 1 : 0);
}
