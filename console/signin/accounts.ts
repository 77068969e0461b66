import type { Role } from "#shared/model/agent.ts";
import type { AgentId } from "#shared/model/ids.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";

/** The signed-in person as the sign-in answers tell. */
export type Account = { id: AgentId; name: string; role: Role };

export type SignedIn =
  | { ok: true; account: Account }
  /** `network`: no answer, or one that is not ours. */
  | { ok: false; why: "wrong" | "network" }
  | { ok: false; why: "rate"; retryAfterMs: number };

/** Who is signed in with this browser's cookie. */
export type Accounts = {
  /** Null: nobody. Throws when the server cannot be asked. */
  current(): Promise<Account | null>;
  signIn(email: string, password: string): Promise<SignedIn>;
  signOut(): Promise<void>;
};

const defaultRetryMs = 30_000;

export function httpAccounts(request: typeof fetch = fetch): Accounts {
  const ask = (method: "GET" | "POST" | "DELETE", body?: object) =>
    request("/api/session", {
      method,
      credentials: "same-origin",
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    async current() {
      const response = await ask("GET");
      if (!response.ok) throw new Error(`GET /api/session answered ${response.status}`);
      return ((await response.json()) as { agent: Account | null }).agent;
    },
    async signIn(email, password) {
      try {
        const response = await ask("POST", { email, password });
        if (response.ok) {
          return { ok: true, account: ((await response.json()) as { agent: Account }).agent };
        }
        if (response.status === 429) {
          const { refusal } = (await response.json()) as { refusal: Refusal };
          return { ok: false, why: "rate", retryAfterMs: refusal.retryAfterMs ?? defaultRetryMs };
        }
        // Anything but "server trouble" is about what was typed.
        return { ok: false, why: response.status < 500 ? "wrong" : "network" };
      } catch {
        return { ok: false, why: "network" };
      }
    },
    async signOut() {
      const response = await ask("DELETE");
      if (!response.ok && response.status !== 401) {
        throw new Error(`DELETE /api/session answered ${response.status}`);
      }
    },
  };
}
