import { z } from "zod";

export { protocolRange } from "./range.ts";

export const hello = z.strictObject({
  protocol: z.strictObject({ min: z.int().min(1), max: z.int().min(1) }),
  /** The epoch the client's data belongs to, null when it has none. */
  logEpoch: z.string().max(64).nullable(),
  /** BCP 47 language tag and IANA time zone; what isn't one becomes `en` and `UTC`. */
  locale: z.string().max(35).transform(knownLocale),
  zone: z.string().max(64).transform(knownZone),
});
export type Hello = z.infer<typeof hello>;

/** Browsers say things like `en-US@posix`; whoever formats a date with it later must not fail. */
function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? "en";
  } catch {
    return "en";
  }
}

/** Asking what a zone is takes longer than all else about a hello, and after a restart everybody says it. */
const zones = new Set<string>();
/** More than there are; beyond them somebody plays with upper and lower case. */
const mostZones = 1_000;

function knownZone(zone: string): string {
  if (zones.has(zone)) return zone;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    if (zones.size < mostZones) zones.add(zone);
    return zone;
  } catch {
    return "UTC";
  }
}
