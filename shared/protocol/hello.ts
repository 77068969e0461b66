import { z } from "zod";

export { protocolRange } from "./range.ts";

export const hello = z.strictObject({
  protocol: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }),
  /** The epoch the client's data belongs to, null when it has none. */
  logEpoch: z.string().max(64).nullable(),
  /** BCP 47 language tag and IANA time zone. */
  locale: z.string().max(35),
  zone: z.string().max(64),
});
export type Hello = z.infer<typeof hello>;
