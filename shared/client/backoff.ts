import { type Millis, seconds } from "#shared/model/time.ts";
import type { World } from "./world.ts";

/**
 * 1, 2, 4 … 30 s, where somebody may be watching at most 10, with full jitter: a crowd thrown out
 * together comes back spread out.
 */
export const backoff = (attempt: number, world: World): Millis =>
  world.random() * Math.min(seconds(world.visible() ? 10 : 30), seconds(1) * 2 ** attempt);
