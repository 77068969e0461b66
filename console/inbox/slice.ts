/** Which rows of a long list are drawn: from `first` up to but not including `end`. */
export type Slice = { first: number; end: number };

/** Rows drawn above and below what can be seen, so that scrolling meets no gaps. */
const spare = 8;

/**
 * The rows to draw of `count` equally high ones. Heights are equal by design, so this is
 * arithmetic and nothing needs measuring.
 */
export function slice(count: number, rowHeight: number, scrolled: number, height: number): Slice {
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - spare);
  const end = Math.min(count, Math.ceil((scrolled + height) / rowHeight) + spare);
  return { first: Math.min(first, end), end };
}
