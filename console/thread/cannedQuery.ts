/** The `/word` being typed at the caret: where it starts and what stands after the slash. */
export type CannedQuery = { start: number; end: number; query: string };

/**
 * A slash asks for canned replies where a word can begin, so that `and/or`, dates and addresses stay
 * what they are. The query ends at the caret and holds no white space.
 */
export function cannedQuery(text: string, caret: number): CannedQuery | null {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const query = found[1] ?? "";
  return { start: caret - query.length - 1, end: caret, query };
}

/** The text with the `/word` replaced, and where the caret goes. */
export function insertAt(
  text: string,
  { start, end }: { start: number; end: number },
  inserted: string,
): { text: string; caret: number } {
  return {
    text: text.slice(0, start) + inserted + text.slice(end),
    caret: start + inserted.length,
  };
}
