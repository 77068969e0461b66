import { randomBytes } from "node:crypto";
import { parseCookie } from "cookie";
import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import { days } from "#shared/model/time.ts";
import type { Clock, Ledger } from "../ports.ts";
import { secretHash } from "./secretHash.ts";

/** Console sessions: a random id in a cookie, its digest in SQL (house decision 18). */
export type Sessions = {
  cookieName: string;
  open(agent: AgentId): Promise<{ value: string; maxAgeMs: number }>;
  /** Whose session a Cookie header carries, or null. */
  agentOf(cookieHeader: string | undefined): Promise<AgentId | null>;
  end(cookieHeader: string | undefined): Promise<void>;
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
    async agentOf(header) {
      const value = valueIn(header);
      if (!value) return null;
      const session = await ledger.session(workspace, secretHash(value), clock.now());
      return session?.agent ?? null;
    },
    async end(header) {
      const value = valueIn(header);
      if (value) await ledger.endSession(workspace, secretHash(value));
    },
  };
}
