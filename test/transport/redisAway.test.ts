import { afterEach, describe, expect, it } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
import type { Head, Me } from "#shared/protocol/sockets.ts";
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

let here: MemoryServer;
let there: TestServer;
const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await there?.close();
  await here.close();
});

/** Two nodes on the same stores. */
async function twoNodes(): Promise<void> {
  here = await memoryServer();
  there = await startServer(here, { world: { workspace: here.workspace } });
  there = { ...there, signIns: here.signIns };
}
async function opened<C extends Client>(client: Promise<C>): Promise<C> {
  const made = await client;
  open.push(made);
  return made;
}
const say = (conversation: ConversationId, text: string) => ({
  kind: "say",
  conversation,
  content: { type: "text", text },
});
const headsOf = (client: Client): Head[] => {
  const heads: Head[] = [];
  client.socket.on("heads", (told: { heads: Head[] }) => heads.push(...told.heads));
  return heads;
};

describe("while Redis is away", () => {
  it("[P25] a conversation is joined at once, other nodes' messages arrive, and its return is told at once", async () => {
    await twoNodes();
    const visitor = await opened(visitorClient(here));
    const agent = await opened(agentClient(there));
    await agent.command({ kind: "presence", status: "online" });
    const conversation = await startChat(visitor);
    await assigned(visitor, conversation);

    here.desk.setAway(true);
    // It would not be answered if it waited for Redis, which stays away until further down.
    const joined = await agent.ask<{ head: Head }>("join", { conversation });
    expect(joined).toMatchObject({ ok: true, head: { conversation } });
    const heads = headsOf(agent);
    const said = await visitor.command(say(conversation, "Nobody carries this"));
    if (!said.ok) throw new Error(said.refusal.code);
    await eventually(() => heads.some(({ head }) => head >= said.seq));
    const quiet = heads.length;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(heads).toHaveLength(quiet);

    const again = await visitor.command(say(conversation, "Nor this"));
    if (!again.ok) throw new Error(again.refusal.code);
    here.desk.setAway(false);
    await eventually(() => heads.some(({ head }) => head >= again.seq));
    // The subscription that could not begin stands now: events come by themselves.
    await eventually(async () => {
      await visitor.command(say(conversation, "Carried"));
      return agent.events.some(({ body }) => JSON.stringify(body).includes("Carried"));
    });
    expect(there.log.filter((line) => line.includes("subscribing failed"))).toEqual([]);
  });

  it("[P25] a conversation left before its return is not subscribed to", async () => {
    await twoNodes();
    const visitor = await opened(visitorClient(here));
    const conversation = await startChat(visitor);
    const channels: string[] = [];
    const { subscribe } = here.desk;
    there.desk.subscribe = (workspace, channel, hear) => {
      channels.push(channel);
      return subscribe(workspace, channel, hear);
    };
    const agent = await opened(agentClient(there));
    here.desk.setAway(true);
    await agent.ask("join", { conversation });
    await agent.ask("leave", { conversation });
    const tried = channels.length;
    here.desk.setAway(false);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(channels).toHaveLength(tried);
  });
});

describe("an agent's own facts", () => {
  it("[P16] are told when only the regular reading of the directory finds them changed", async () => {
    here = await memoryServer({}, { pace: { directory: 200 } });
    const agent = await opened(agentClient(here));
    const told: Me[] = [];
    agent.socket.on("me", (me: Me) => told.push(me));
    const id = agent.welcome.me.id;
    // Declared past every node: as by one whose announcement was lost.
    const command = {
      id: newId<never>(),
      subject: { kind: "agent" as const, id },
      sender: { kind: "agent" as const, id },
      hash: "",
    };
    await here.ledger.declareStatus(here.workspace, id, "online", command, Date.now());
    await eventually(() => told.some(({ status }) => status === "online"));
  });
});
