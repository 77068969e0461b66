import { protocolRange } from "#shared/protocol/hello.ts";

/** The newest version both sides speak, or null when there is none. */
export function agreedProtocol(offered: { min: number; max: number }): number | null {
  const newest = Math.min(offered.max, protocolRange.max);
  return newest >= Math.max(offered.min, protocolRange.min) ? newest : null;
}
