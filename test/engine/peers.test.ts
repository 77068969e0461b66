import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPeers, type Peers } from "#server/engine/peers.ts";
import { type MemoryDesk, memoryDesk } from "#server/memory/desk.ts";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { newId } from "../support/clients.ts";

const workspace = newId<WorkspaceId>();
const pace = { sayEvery: 50, doubtFor: 150 };
const mute = { sayEvery: 1_000_000, doubtFor: 150 };
const open: Peers[] = [];
let desk: MemoryDesk;

beforeEach(() => {
  vi.useFakeTimers();
  desk = memoryDesk({ now: () => Date.now() });
});
afterEach(async () => {
  for (const peers of open.splice(0)) await peers.stop();
  vi.useRealTimers();
});

async function node(its = pace): Promise<Peers> {
  const warn = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const peers = await createPeers({ workspace, node: newId(), desk, warn, pace: its });
  open.push(peers);
  return peers;
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("a node's peers", () => {
  it("[PE1] are thought to be there until nobody was heard of for a while", async () => {
    const only = await node();
    await pass(149);
    expect(only.alone()).toBe(false);
    await pass(2);
    expect(only.alone()).toBe(true);
  });

  it("[PE2] are known before they can have taken a client, and for as long as they speak", async () => {
    const first = await node();
    await pass(200);
    expect(first.alone()).toBe(true);
    const second = await node();
    await pass(0);
    for (let i = 0; i < 20; i++) {
      expect([first.alone(), second.alone()]).toEqual([false, false]);
      await pass(50);
    }
    await second.stop();
    await pass(200);
    expect(first.alone()).toBe(true);
  });

  it("[PE3] answer a newcomer, so that it knows of them at once", async () => {
    const first = await node(mute);
    const answers: string[] = [];
    await desk.subscribe(workspace, "here", (message) => answers.push(message));
    await node(mute);
    await pass(0);
    expect(answers).toHaveLength(2);
    await pass(149);
    expect(first.alone()).toBe(false);
  });

  it("[PE4] may have come while Redis was away", async () => {
    const first = await node();
    await pass(200);
    desk.setAway(true);
    desk.setAway(false);
    expect(first.alone()).toBe(false);
    await pass(200);
    expect(first.alone()).toBe(true);
  });
});
