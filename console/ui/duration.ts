import { days, hours, type Millis, minutes, seconds } from "#shared/model/time.ts";

/**
 * A wait as a clock shows it: `0:07`, `4:05`, `1:04:05`; from a day on in days and hours, because
 * nobody counts seconds there. Never negative: clocks may differ by a little.
 */
export function clockDuration(length: Millis, locale: string): string {
  const span = Math.max(0, length);
  if (span >= days(1)) {
    const rest = Math.floor((span % days(1)) / hours(1));
    const parts = [unit(locale, "day", "short", Math.floor(span / days(1)))];
    if (rest > 0) parts.push(unit(locale, "hour", "short", rest));
    return parts.join(" ");
  }
  const whole = Math.floor(span / hours(1));
  const minute = Math.floor((span % hours(1)) / minutes(1));
  const second = String(Math.floor((span % minutes(1)) / seconds(1))).padStart(2, "0");
  return whole > 0
    ? `${whole}:${String(minute).padStart(2, "0")}:${second}`
    : `${minute}:${second}`;
}

/** The same wait in words, to the minute: for screen readers and sentences. */
export function spokenDuration(length: Millis, locale: string): string {
  const span = Math.max(0, length);
  const parts = [
    ["day", Math.floor(span / days(1))],
    ["hour", Math.floor((span % days(1)) / hours(1))],
    ["minute", Math.floor((span % hours(1)) / minutes(1))],
  ] as const;
  const said = parts.filter(([, count]) => count > 0).slice(0, 2);
  if (said.length === 0) return unit(locale, "second", "long", Math.floor(span / seconds(1)));
  return said.map(([name, count]) => unit(locale, name, "long", count)).join(" ");
}

type Unit = "day" | "hour" | "minute" | "second";

function unit(locale: string, name: Unit, display: "short" | "long", count: number): string {
  return formatter(locale, name, display).format(count);
}

const made = new Map<string, Intl.NumberFormat>();

/** Lists ask for these every second, and making a formatter costs far more than using it. */
function formatter(locale: string, name: Unit, display: "short" | "long"): Intl.NumberFormat {
  const key = `${locale} ${name} ${display}`;
  const found =
    made.get(key) ??
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: display });
  made.set(key, found);
  return found;
}
