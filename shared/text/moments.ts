import type { Instant } from "../model/time.ts";

/** How instants read in a locale and time zone. Days are calendar days of that zone. */
export type Moments = {
  /** 14:05 */
  time(at: Instant): string;
  /** Today, yesterday, a weekday within the last week, else a date; capitalised for standing alone. */
  day(at: Instant, now: Instant): string;
  /** Day and time in full, for titles and assistive technology. */
  full(at: Instant): string;
  sameDay(a: Instant, b: Instant): boolean;
};

export function moments(locale: string, zone: string | undefined): Moments {
  const inZone = zone === undefined ? {} : { timeZone: zone };
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short", ...inZone });
  const whole = new Intl.DateTimeFormat(locale, {
    dateStyle: "full",
    timeStyle: "short",
    ...inZone,
  });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: "long", ...inZone });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", ...inZone });
  const dated = new Intl.DateTimeFormat(locale, { dateStyle: "long", ...inZone });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  // ISO dates of the zone: they compare as text and their distance counts calendar days.
  const iso = new Intl.DateTimeFormat("en-CA", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    ...inZone,
  });
  const dayNumber = (at: Instant) => Date.parse(iso.format(at)) / 86_400_000;

  const named = (at: Instant, now: Instant) => {
    const ago = dayNumber(now) - dayNumber(at);
    if (ago === 0 || ago === 1) return relative.format(-ago, "day");
    if (ago > 1 && ago < 7) return weekday.format(at);
    return iso.format(at).slice(0, 4) === iso.format(now).slice(0, 4)
      ? date.format(at)
      : dated.format(at);
  };

  return {
    time: (at) => clock.format(at),
    full: (at) => whole.format(at),
    sameDay: (a, b) => iso.format(a) === iso.format(b),
    day: (at, now) => {
      const [first = "", ...rest] = named(at, now);
      return first.toLocaleUpperCase(locale) + rest.join("");
    },
  };
}
