import { randomBytes } from "node:crypto";
import { parseCookie } from "cookie";
import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import { days } from "#shared/model/time.ts";
import type { Clock, Ledger } from "../ports.ts";
import { secretHash } from "./secretHash.ts";

/** Console sessions: a random id in a cookie, its digest in SQL (decision 18). */
export type Sessions = {
  cookieName: string;
  open(agent: AgentId): Promise<{ value: string; maxAgeMs: number }>;
  /** Whose session a Cookie header carries, and the session's digest, or null. */
  of(cookieHeader: string | undefined): Promise<{ agent: AgentId; session: string } | null>;
  /** Answers the digest of the session that ended now, or null. */
  end(cookieHeader: string | undefined): Promise<string | null>;
};

const lifetime = days(30);

export function createSessions(
  workspace: WorkspaceId,
  ledger: Ledger,
  clock: Clock,
  https: boolean,
): Sessions {
  // The __Host- prefix needs Secure, which plain http on loopback can't have.
  const cookieName = https ? "__Host-parley" : "parley_session";
  const valueIn = (header: string | undefined): string | null => {
    const value = header ? parseCookie(header)[cookieName] : undefined;
    return value && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
  };
  return {
    cookieName,
    async open(agent) {
      const value = randomBytes(32).toString("base64url");
      const at = clock.now();
      const expiresAt = at + lifetime;
      await ledger.createSession(workspace, { hash: secretHash(value), agent, at, expiresAt });
      return { value, maxAgeMs: lifetime };
    },
    async of(header) {
      const value = valueIn(header);
      if (!value) return null;
      const session = secretHash(value);
      const found = await ledger.session(workspace, session, clock.now());
      return found && { agent: found.agent, session };
    },
    async end(header) {
      const value = valueIn(header);
      if (!value) return null;
      const session = secretHash(value);
      await ledger.endSession(workspace, session);
      return session;
    },
  };
}
