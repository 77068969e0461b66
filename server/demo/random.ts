/** From 0 up to, not including, 1. */
export type Random = () => number;

/**
 * The same numbers for the same seed, on every machine (sfc32, public domain). Who needs numbers of
 * their own, whatever others draw meanwhile, takes them from `split`.
 */
export function seeded(seed: number): Random {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // Neighbouring seeds begin alike.
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** A source of its own: what is drawn from it doesn't move what the first gives next. */
export const split = (random: Random): Random => seeded(Math.floor(random() * 2 ** 32));

export const between = (random: Random, least: number, most: number): number =>
  least + random() * (most - least);

export function pick<T>(random: Random, of: readonly T[]): T {
  const chosen = of[Math.floor(random() * of.length)];
  if (chosen === undefined) throw new Error("nothing to pick from");
  return chosen;
}

/** Picks by weight: a weight of 2 comes up twice as often as one of 1. */
export function pickWeighted<T>(random: Random, of: readonly (readonly [T, number])[]): T {
  const sum = of.reduce((total, [, weight]) => total + weight, 0);
  let left = random() * sum;
  for (const [value, weight] of of) {
    left -= weight;
    if (left < 0) return value;
  }
  return pick(random, of)[0];
}

/** The pause before the next of many who come independently of each other (a Poisson process). */
export const exponential = (random: Random, mean: number): number => -Math.log(1 - random()) * mean;
