import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { Desk } from "../ports.ts";
import { DeskUnavailable } from "../ports.ts";

/** Whose console lists may have changed. */
export type Touched = { agents: readonly AgentId[]; waiting: boolean };

/** What nodes tell each other besides conversations' events. Hints only: every hearer also looks by itself. */
export type Heard = {
  /** Routing may have work, positions may have changed. */
  wake(): void;
  /** People, settings or who is there changed. */
  roster(): void;
  lists(touched: Touched): void;
};

export type Notices = {
  [Name in keyof Heard]: (...args: Parameters<Heard[Name]>) => void;
} & { stop(): Promise<void> };

type Sent = { node: string; with?: Touched };

/** Tells other nodes and hears them; a node doesn't hear itself. Resolves once this node listens. */
export async function createNotices(parts: {
  workspace: WorkspaceId;
  node: string;
  desk: Desk;
  heard: Heard;
  warn(message: string, error: unknown): void;
}): Promise<Notices> {
  const { workspace, node, desk, heard, warn } = parts;

  function tell(name: keyof Heard, sent: Omit<Sent, "node"> = {}): void {
    desk.publish(workspace, name, JSON.stringify({ node, ...sent })).catch((error) => {
      if (!(error instanceof DeskUnavailable)) warn(`telling ${name} failed`, error);
    });
  }

  const listen = (name: keyof Heard, act: (sent: Sent) => void) =>
    desk.subscribe(workspace, name, (message) => {
      const sent = JSON.parse(message) as Sent;
      if (sent.node !== node) act(sent);
    });

  const subscriptions = await Promise.all([
    listen("wake", () => heard.wake()),
    listen("roster", () => heard.roster()),
    listen("lists", ({ with: touched }) => touched && heard.lists(touched)),
  ]);

  return {
    wake: () => tell("wake"),
    roster: () => tell("roster"),
    lists: (touched) => tell("lists", { with: touched }),
    async stop() {
      await Promise.allSettled(subscriptions.map((end) => end()));
    },
  };
}
