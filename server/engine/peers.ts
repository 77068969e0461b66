import type { WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { Desk } from "../ports.ts";
import { DeskUnavailable } from "../ports.ts";

/**
 * Knows whether this node is the only one, in which case there is nobody to publish to: most
 * installs are one node, and a publish costs as much as the rest of a delivery.
 *
 * It is sure only after it heard of nobody for a while, over a connection that held all that time;
 * until then, and whenever Redis was away, it isn't. A node that starts says so before it takes its
 * first client, so the others publish again before anybody there can listen. What a node misses even
 * so (it was published to while its own connection was breaking) heals as any lost publish does.
 */
export type Peers = { alone(): boolean; stop(): Promise<void> };

/** `first`: a node that just started and wants to know of the others. */
type Sign = { node: string; first: boolean };

const sayEvery = seconds(5);
/** Three signs of life that didn't come. */
const doubtFor = seconds(15);

/** Resolves once this node listens for others and has told them of itself. */
export async function createPeers(parts: {
  workspace: WorkspaceId;
  node: string;
  desk: Desk;
  warn(message: string, error: unknown): void;
  pace?: { sayEvery: Millis; doubtFor: Millis };
}): Promise<Peers> {
  const { workspace, node, desk, warn } = parts;
  const pace = { sayEvery, doubtFor, ...parts.pace };
  let alone = false;
  let doubts = 0;

  const surely = setTimeout(() => {
    // If this process was the slow one, what others said lies in the socket and is read now.
    const before = doubts;
    setImmediate(() => {
      alone = doubts === before;
    });
  }, pace.doubtFor).unref();

  function doubt(): void {
    alone = false;
    doubts += 1;
    surely.refresh();
  }

  async function say(first: boolean): Promise<void> {
    try {
      await desk.publish(workspace, "here", JSON.stringify({ node, first } satisfies Sign));
    } catch (error) {
      if (!(error instanceof DeskUnavailable)) warn("telling other nodes failed", error);
    }
  }

  const leave = await desk.subscribe(workspace, "here", (message) => {
    const sign = JSON.parse(message) as Sign;
    if (sign.node === node) return;
    doubt();
    if (sign.first) void say(false);
  });
  const stopReturn = desk.onReturn(() => {
    doubt();
    void say(true);
  });
  const timer = setInterval(() => void say(false), pace.sayEvery);
  await say(true);

  return {
    alone: () => alone,
    async stop() {
      clearInterval(timer);
      clearTimeout(surely);
      stopReturn();
      await leave().catch(() => undefined);
    },
  };
}
