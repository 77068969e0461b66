import { type Millis, seconds } from "#shared/model/time.ts";

/** 1, 2, 4 … 30 s with full jitter: a crowd thrown out together comes back spread out. */
export const backoff = (attempt: number, random: number): Millis =>
  random * Math.min(seconds(30), seconds(1) * 2 ** attempt);
