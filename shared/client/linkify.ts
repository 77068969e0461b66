/** A piece of a message: plain words, or a link that shows exactly what was written. */
export type Piece = { text: string; href?: string };

/** Characters that end an address; the quotes and brackets among them are what people put around one. */
const address =
  /\bhttps?:\/\/[^\s<>"'`{}|\\^\u00ab\u00bb\u201c-\u201f\u2018-\u201b\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/gi;
const punctuation = ".,;:!?*_~…";

/**
 * Finds addresses in plain text. http and https only, parsed by the browser's own parser, without
 * credentials: `https://bank.example@evil.example` reads as one site and leads to another.
 */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const shown = trimmed(match[0]);
    const href = target(shown);
    if (!href) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: shown, href });
    from = match.index + shown.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from) });
  return pieces;
}

/** Without the sentence's punctuation, and without a bracket that was opened before the address. */
function trimmed(found: string): string {
  const spare = { ")": surplus(found, ")", "("), "]": surplus(found, "]", "[") };
  let end = found.length;
  for (; end > 0; end -= 1) {
    const sign = found.charAt(end - 1);
    if (sign === ")" || sign === "]") {
      if (spare[sign] <= 0) break;
      spare[sign] -= 1;
    } else if (!punctuation.includes(sign)) break;
  }
  return found.slice(0, end);
}

const surplus = (text: string, closing: string, opening: string) =>
  text.split(closing).length - text.split(opening).length;

function target(shown: string): string | null {
  const url = URL.parse(shown);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return null;
  return url.href;
}
