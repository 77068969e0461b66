/** A measured value with what it should be: the shape every measuring command of this repository prints. */
export type Figure = { name: string; value: number; unit: string; goal: string; met: boolean };

export type Report = { name: string; figures: Figure[]; context: Record<string, unknown> };

export const atMost = (goal: number, name: string, value: number, unit: string): Figure => ({
  name,
  value: rounded(value),
  unit,
  goal: `<= ${goal}`,
  met: value <= goal,
});

export const atLeast = (goal: number, name: string, value: number, unit: string): Figure => ({
  name,
  value: rounded(value),
  unit,
  goal: `>= ${goal}`,
  met: value >= goal,
});

/** Three digits that mean something are all a noisy machine gives. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** The value that this share of the sample is not above. */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = Float64Array.from(sample).sort();
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}

/** How much y grows for each one of x, by least squares. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / spread;
}
