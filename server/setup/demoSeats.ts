import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Config } from "../config.ts";
import type { Clock, Ledger } from "../ports.ts";
import { createSessions } from "../transport/sessions.ts";

/** An agent's place at the console: a session of theirs, as a Cookie header. */
export type Seat = { name: string; cookie: string };

/** What `npm run demo` asks of the server it started, over the channel between them, and the answer. */
export type SeatsWanted = { parley: "seats wanted"; agents: number };
export type SeatsLent = {
  parley: "seats lent";
  /** Where the server answers, and the origin its pages have. */
  url: string;
  origin: string;
  /** The demo shop's key; null when the workspace has no demo. */
  site: string | null;
  seats: Seat[];
};

type Channel = Pick<NodeJS.Process, "on" | "send">;

/**
 * Lends the demo's agents to the program that plays them: sessions of their own, made on demand and
 * told only to the parent process, so that no password is fixed, kept or printed. The caller doesn't
 * offer this in production.
 */
export function lendSeats(
  channel: Channel,
  parts: {
    config: Config;
    workspace: WorkspaceId;
    ledger: Ledger;
    clock: Clock;
    shopSite: string | null;
    failed(error: unknown): void;
  },
): void {
  const { config, workspace, ledger, clock, shopSite, failed } = parts;
  const sessions = createSessions(workspace, ledger, clock, config.publicUrl.startsWith("https:"));

  async function lent(wanted: number): Promise<SeatsLent> {
    const agents = shopSite
      ? (await ledger.agents(workspace)).filter(
          ({ role, disabled }) => role === "agent" && !disabled,
        )
      : [];
    const seats = await Promise.all(
      agents.slice(0, wanted).map(async ({ id, name }) => {
        const { value } = await sessions.open(id);
        return { name, cookie: `${sessions.cookieName}=${value}` };
      }),
    );
    const url = `http://${reachable(config.hosts[0] ?? "")}:${config.port}`;
    return { parley: "seats lent", url, origin: config.publicUrl, site: shopSite, seats };
  }

  channel.on("message", (message: unknown) => {
    if (!isWanted(message)) return;
    lent(message.agents)
      .then((answer) => channel.send?.(answer))
      .catch(failed);
  });
}

function isWanted(message: unknown): message is SeatsWanted {
  return (
    typeof message === "object" &&
    message !== null &&
    "parley" in message &&
    message.parley === "seats wanted"
  );
}

/** An address to connect to for one to listen on. */
function reachable(host: string): string {
  if (host === "" || host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
