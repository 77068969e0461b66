import type { CannedReply } from "#shared/protocol/sockets.ts";
import { plain } from "../ui/matches.ts";

/** The best first: shortcut begins with it, shortcut or title holds it, text holds it. */
export function filterCanned(replies: readonly CannedReply[], query: string): CannedReply[] {
  const wanted = plain(query);
  return replies
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank < noMatch)
    .sort((a, b) => a.rank - b.rank || a.reply.shortcut.localeCompare(b.reply.shortcut))
    .map(({ reply }) => reply);
}

const noMatch = 4;

function rankOf({ shortcut, title, text }: CannedReply, wanted: string): number {
  if (plain(shortcut).startsWith(wanted)) return 0;
  if (plain(title).startsWith(wanted)) return 1;
  if (plain(shortcut).includes(wanted) || plain(title).includes(wanted)) return 2;
  return plain(text).includes(wanted) ? 3 : noMatch;
}
