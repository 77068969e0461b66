import { jwtVerify, SignJWT } from "jose";
import { idPattern, type SiteId } from "#shared/model/ids.ts";

/**
 * The frame ticket: proof that a visitor's first handshake comes from a frame this server served to an
 * allowed page (decision 13). Signed {site, exp}; afterwards the visitor's token alone is enough.
 */
export type Tickets = {
  issue(site: SiteId): Promise<string>;
  /** The site a ticket was issued for, or null when it's forged, foreign or expired. */
  verify(ticket: string): Promise<SiteId | null>;
};

const lifetime = "5 minutes";
const audience = "parley:frame";

export function createTickets(secret: string): Tickets {
  const key = new TextEncoder().encode(`frame-ticket:${secret}`);
  return {
    issue: (site) =>
      new SignJWT({ site })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(key),
    async verify(ticket) {
      try {
        const { payload } = await jwtVerify(ticket, key, { algorithms: ["HS256"], audience });
        const { site } = payload;
        return typeof site === "string" && idPattern.test(site) ? (site as SiteId) : null;
      } catch {
        // Whatever is wrong with a ticket, the answer is the same: it opens nothing.
        return null;
      }
    },
  };
}
