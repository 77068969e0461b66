import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import type { Desk } from "../ports.ts";
import { DeskUnavailable } from "../ports.ts";

/** Whose console lists may have changed. */
export type Touched = {
  /** Whose chats; `all` when nobody knows whose. */
  agents: readonly AgentId[] | "all";
  waiting: boolean;
  parked: boolean;
  closed: boolean;
  /** How much these agents hold may have changed too. */
  held: boolean;
};

/** Something may have been missed, and nobody knows what. */
export const everyList: Touched = {
  agents: "all",
  waiting: true,
  parked: true,
  closed: true,
  held: true,
};

/** What nodes tell each other besides conversations' events. Hints only: every hearer also looks by itself. */
export type Heard = {
  /** Routing may have work, positions may have changed. */
  wake(): void;
  /** People, settings or who is there changed. */
  roster(): void;
  lists(touched: Touched): void;
  /** A console session ended: its sockets are cut wherever they are. */
  signedOut(session: string): void;
  /** Redis forgot who is there: everybody's liveness is to be told again now. */
  revive(): void;
};

export type Notices = {
  [Name in keyof Heard]: (...args: Parameters<Heard[Name]>) => void;
} & { stop(): Promise<void> };

type Sent<Name extends keyof Heard> = { node: string; with: Parameters<Heard[Name]> };

/** Tells other nodes and hears them; a node doesn't hear itself. Resolves once this node listens. */
export async function createNotices(parts: {
  workspace: WorkspaceId;
  node: string;
  desk: Desk;
  heard: Heard;
  /** Nobody else is there to be told. */
  alone(): boolean;
  warn(message: string, error: unknown): void;
}): Promise<Notices> {
  const { workspace, node, desk, heard, alone, warn } = parts;

  const tell =
    <Name extends keyof Heard>(name: Name) =>
    (...told: Parameters<Heard[Name]>): void => {
      const sent: Sent<Name> = { node, with: told };
      desk.publish(workspace, name, JSON.stringify(sent)).catch((error) => {
        if (!(error instanceof DeskUnavailable)) warn(`telling ${name} failed`, error);
      });
    };

  const listen = <Name extends keyof Heard>(name: Name) =>
    desk.subscribe(workspace, name, (message) => {
      const sent = JSON.parse(message) as Sent<Name>;
      if (sent.node !== node)
        (heard[name] as (...told: Parameters<Heard[Name]>) => void)(...sent.with);
    });

  const subscriptions = await Promise.all([
    listen("wake"),
    listen("roster"),
    listen("lists"),
    listen("signedOut"),
    listen("revive"),
  ]);

  return {
    wake: tell("wake"),
    roster: tell("roster"),
    // The only one that comes with every message.
    lists(touched) {
      if (!alone()) tell("lists")(touched);
    },
    signedOut: tell("signedOut"),
    revive: tell("revive"),
    async stop() {
      await Promise.allSettled(subscriptions.map((end) => end()));
    },
  };
}
