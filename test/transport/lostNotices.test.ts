import { afterEach, describe, expect, it } from "vitest";
import type { World } from "#server/app.ts";
import { createDirectory } from "#server/engine/directory.ts";
import { createDispatch } from "#server/engine/dispatch.ts";
import { type Desk, type Ledger, LedgerUnavailable } from "#server/ports.ts";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import type { Accepted, Head, ListPatch, ListWindow } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../support/clients.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { assigned } from "./support/reading.ts";

let stores: MemoryServer;
const nodes: TestServer[] = [];
const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  for (const node of nodes.splice(0)) await node.close();
  await stores.close();
});

async function opened<C extends Client>(client: Promise<C>): Promise<C> {
  const made = await client;
  open.push(made);
  return made;
}

/** A node on the same stores, perhaps with something wrong between. */
async function node(world: Partial<World> = {}, wrong: { ledger?: Ledger; desk?: Desk } = {}) {
  const made = await startServer(
    { ledger: stores.ledger, desk: stores.desk, ...wrong },
    { world: { ...world, workspace: stores.workspace } },
  );
  nodes.push(made);
  return { ...made, signIns: stores.signIns };
}

/** The first node of a test gets the router's lease: what came with the stores is gone. */
async function storesAlone(): Promise<void> {
  stores = await memoryServer();
  await stores.app.close();
}

/** Of what this node says nobody hears a word: it commits, and dies before it tells. */
const mute = (desk: Desk): Desk => ({ ...desk, publish: async () => undefined });

/** Commits, and hears that the database is away instead of what it answered. */
const forgetful = (ledger: Ledger, kind: "assigned" | "message"): Ledger => ({
  ...ledger,
  async commit(change) {
    const result = await ledger.commit(change);
    if (change.events.some((event) => event.kind === kind)) {
      throw new LedgerUnavailable("gone inside the COMMIT");
    }
    return result;
  },
});

/** What a console shows as its agent's own. */
async function mine(agent: Client): Promise<Set<ConversationId>> {
  const window = await agent.ask<ListWindow>("list", { list: "mine" });
  if (!window.ok) throw new Error(window.refusal.code);
  const shown = new Set(window.rows.map(({ conversation }) => conversation.id));
  agent.socket.on("patch", ({ list, upsert, remove }: ListPatch) => {
    if (list !== "mine") return;
    for (const { conversation } of upsert) shown.add(conversation.id);
    for (const id of remove) shown.delete(id);
  });
  return shown;
}

type AgentClient = Awaited<ReturnType<typeof agentClient>>;

async function agentOnline(on: TestServer): Promise<AgentClient> {
  const agent = await opened(agentClient(on));
  await agent.command({ kind: "presence", status: "online" });
  return agent;
}
const headsOf = (client: Client): Head[] => {
  const heads: Head[] = [];
  client.socket.on("heads", (told: { heads: Head[] }) => heads.push(...told.heads));
  return heads;
};

describe("what nobody was told of", () => {
  it("[P30] an assignment is in its agent's list after the next regular look", async () => {
    await storesAlone();
    const dying = await node({}, { desk: mute(stores.desk) });
    const there = await node({ pace: { heads: 500 } });
    const shown = await mine(await agentOnline(there));
    const conversation = await startChat(await opened(visitorClient(dying)));
    await eventually(() => shown.has(conversation), 12_000);
  });

  it("[P30] an assignment is in its agent's list though the database died inside its COMMIT", async () => {
    await storesAlone();
    const here = await node({}, { ledger: forgetful(stores.ledger, "assigned") });
    const there = await node();
    const [near, far] = [await agentOnline(here), await opened(agentClient(there))];
    const [shown, elsewhere] = [await mine(near), await mine(far)];
    const visitor = await opened(visitorClient(there));
    const heads = headsOf(visitor);
    const conversation = await startChat(visitor);
    await eventually(() => shown.has(conversation) && elsewhere.has(conversation), 8_000);
    await eventually(() => heads.some((head) => head.conversation === conversation));
  });

  it("[P30] what is said a second time is told to whoever missed it the first time", async () => {
    await storesAlone();
    const dying = await node({}, { desk: mute(stores.desk) });
    const there = await node();
    const agent = await agentOnline(there);
    const visitor = await opened(visitorClient(there));
    const conversation = await startChat(visitor);
    await assigned(visitor, conversation);
    await agent.ask("join", { conversation });
    const same = await opened(visitorClient(dying, { token: visitor.token }));
    const content = { type: "text", text: "Is this on?" };
    const say = { kind: "say", id: newId(), conversation, content };
    const heads = headsOf(agent);
    const said = await same.ask<Accepted>("command", say);
    if (!said.ok) throw new Error(said.refusal.code);
    expect(await visitor.ask("command", say)).toMatchObject({ ok: true, repeat: true });
    await eventually(() => heads.some(({ head }) => head >= said.seq), 5_000);
  });

  it("[P30] a chat that is over leaves its agent's list when the floor is put right", async () => {
    await storesAlone();
    const there = await node({
      pace: { reconciler: { every: 300, secondLookAfter: 100 } },
    });
    const agent = await agentOnline(there);
    const shown = await mine(agent);
    const visitor = await opened(visitorClient(there));
    const conversation = await startChat(visitor);
    const { fence } = await assigned(visitor, conversation);
    await eventually(() => shown.has(conversation));
    // By a node that was gone before it told anybody, the floor among them.
    const { ledger, desk, workspace } = stores;
    const directory = createDirectory({ workspace, ledger, desk, origins: [] });
    await directory.refresh();
    const dispatch = createDispatch({
      ...{ workspace, ledger, directory, secret: "secret" },
      clock: { now: () => Date.now() },
      committed: () => undefined,
      uncertain: () => undefined,
    });
    const close = { kind: "close" as const, id: newId<CommandId>(), conversation, fence };
    const by = { kind: "agent", id: agent.welcome.me.id } as const;
    expect(await dispatch.send(close, { by })).toMatchObject({ ok: true });
    await eventually(() => !shown.has(conversation), 6_000);
  });
});
