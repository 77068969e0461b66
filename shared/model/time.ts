/** Integer milliseconds since 1970 UTC: the only form of an instant in log and wire (decision 2). */
export type Instant = number;
/** A length of time in integer milliseconds. */
export type Millis = number;

export const seconds = (n: number): Millis => n * 1_000;
export const minutes = (n: number): Millis => n * 60_000;
export const hours = (n: number): Millis => n * 3_600_000;
export const days = (n: number): Millis => n * 86_400_000;
