import { z } from "zod";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { minutes } from "#shared/model/time.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import type { Directory } from "../engine/directory.ts";
import { createRecent } from "../engine/recent.ts";
import type { Ledger } from "../ports.ts";
import { createQuota } from "./quota.ts";
import { secretHash } from "./secretHash.ts";
import type { Tickets } from "./tickets.ts";
import type { VisitorData } from "./visiting.ts";

/** Lets visitors in, by socket and by plain HTTP alike. */
export type Admission = {
  /** A visitor's token, which is known or comes with a ticket; nothing is made for it yet. */
  admit(
    given: unknown,
    address: string,
  ): Promise<{ refused: Refusal } | Pick<VisitorData, "site" | "tokenHash" | "visitor">>;
};

const auth = z.object({
  site: z.string().min(1).max(64),
  /** 32 random bytes in base64url, born on the host page (decision 18). */
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  ticket: z.string().max(2_000).optional(),
});

/** Tokens let in lately: neighbours who guess don't keep their visitors out. */
const mostRemembered = 20_000;

export function createAdmission(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  directory: Directory;
  tickets: Tickets;
  /** Tokens from one address that SQL doesn't know, a minute; with a ticket or without. */
  mostStrangers: number;
}): Admission {
  const { workspace, ledger, directory, tickets } = parts;
  const strangers = createQuota(parts.mostStrangers, minutes(1));
  const remembered = createRecent<string, true>(mostRemembered);

  return {
    async admit(given, address) {
      const parsed = auth.safeParse(given);
      if (!parsed.success) return { refused: refusal("unauthenticated") };
      const site = directory.siteByKey(parsed.data.site);
      if (!site) return { refused: refusal("not_found", { path: "site" }) };
      const tokenHash = secretHash(parsed.data.token);
      const key = `${site.id} ${tokenHash}`;
      // Counted before anything is looked up, so that a burst finds the limit too.
      const counted = !remembered.get(key);
      const wait = counted ? strangers.take(address) : 0;
      if (wait > 0) return { refused: refusal("rate", { retryAfterMs: wait }) };
      const visitor = await ledger
        .visitorByToken(workspace, site.id, tokenHash)
        .catch((error: unknown) => {
          if (counted) strangers.giveBack(address);
          throw error;
        });
      if (visitor) {
        if (counted) strangers.giveBack(address);
      } else {
        const ticketed = parsed.data.ticket ? await tickets.verify(parsed.data.ticket) : null;
        if (ticketed !== site.id) {
          remembered.delete(key);
          return { refused: refusal("unauthenticated", { path: "ticket" }) };
        }
      }
      remembered.set(key, true);
      return { site, tokenHash, visitor: visitor?.id ?? null };
    },
  };
}
