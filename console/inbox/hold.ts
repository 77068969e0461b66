/** A row as the list shows it: `gone` rows have left the list but keep their place while it is held. */
export type Held<Row> = { row: Row; gone: boolean };

/**
 * Keeps the order that is on screen while someone points at it, so that nothing moves between aiming
 * and clicking: rows change in place, new ones come last, those that left stay behind as `gone`.
 */
export function hold<Row>(
  shown: readonly Held<Row>[],
  current: readonly Row[],
  idOf: (row: Row) => string,
): Held<Row>[] {
  const now = new Map(current.map((row) => [idOf(row), row]));
  const kept = shown.map(({ row }) => {
    const id = idOf(row);
    const fresh = now.get(id);
    now.delete(id);
    return fresh === undefined ? { row, gone: true } : { row: fresh, gone: false };
  });
  return [...kept, ...[...now.values()].map((row) => ({ row, gone: false }))];
}

export const release = <Row>(current: readonly Row[]): Held<Row>[] =>
  current.map((row) => ({ row, gone: false }));
