import type { IncomingMessage } from "node:http";

/**
 * Who is on the other end. `X-Forwarded-For` is believed for as many hops as the operator says stand
 * in front (TRUST_PROXY); everything left of those could be written by the client.
 */
export function clientAddress(request: IncomingMessage, trustedHops: number): string {
  const peer = request.socket.remoteAddress ?? "unknown";
  if (trustedHops === 0) return peer;
  const header = request.headers["x-forwarded-for"];
  const forwarded = (Array.isArray(header) ? header.join(",") : (header ?? ""))
    .split(",")
    .map((hop) => hop.trim())
    .filter(Boolean);
  return forwarded.at(-trustedHops) ?? forwarded[0] ?? peer;
}
