import type { Instant } from "#shared/model/time.ts";

/**
 * A lowercase UUIDv7 (RFC 9562): 48 bits of time, 74 of chance. Written out because the package that
 * does it also does the other seven versions' chores, 340 bytes the widget has no room for; and unlike
 * crypto.randomUUID it works inside pages without https.
 */
export function uuid(now: Instant): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const time = hex(now, 12);
  const [variant = 0, ...rest] = bytes;
  const random = rest.map((byte) => hex(byte, 2)).join("");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${hex(128 + (variant % 64), 2)}${random.slice(3, 5)}-${random.slice(5, 17)}`;
}
