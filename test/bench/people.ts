import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuid } from "uuid";
import type { AgentId, ConversationId } from "#shared/model/ids.ts";
import {
  type Accepted,
  type AgentWelcome,
  type Answer,
  agentNamespace,
  type Head,
  type Page,
  type VisitorWelcome,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import type { Measured } from "./servers.ts";
import type { Stores } from "./stores.ts";
import { connectWire, type Wire } from "./wire.ts";

/** What agents and visitors do at a Parley server before and besides being measured. */

const hello = { protocol: { min: 1, max: 1 }, logEpoch: null, locale: "en", zone: "UTC" };
const patienceMs = 60_000;
const lookEveryMs = 50;
const usualCrowd = 100;

export type Seated = { wire: Wire; id: AgentId };

/** An answer's contents; anything refused ends the benchmark. */
export async function ok<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (!given.ok) throw new Error(`refused: ${JSON.stringify(given.refusal)}`);
  return given;
}

/** Connects the agents and has them take chats. */
export async function seatAgents(server: Measured, stores: Stores): Promise<Seated[]> {
  const { port } = server;
  return await inCrowds(stores.agents, async ({ id, cookie }) => {
    const headers = { Cookie: cookie, Origin: `http://localhost:${port}` };
    const wire = await connectWire({ port, namespace: agentNamespace, headers });
    await ok(wire.ask<Answer<AgentWelcome>>("hello", hello));
    const presence = { id: uuid(), kind: "presence", status: "online" };
    await ok(wire.ask<Answer<Accepted>>("command", presence));
    return { wire, id };
  });
}

/** A visitor's connection, greeted. Those without a ticket must have been here before. */
export async function greetVisitor(
  { port }: Measured,
  auth: { site: string; token: string; ticket?: string },
): Promise<Wire & { welcome: VisitorWelcome }> {
  const wire = await connectWire({ port, namespace: visitorNamespace, auth });
  const welcome = await ok(wire.ask<Answer<VisitorWelcome>>("hello", hello));
  return Object.assign(wire, { welcome });
}

/** Starts a chat and follows it. */
export async function startChat(wire: Wire): Promise<ConversationId> {
  const conversation = uuid() as ConversationId;
  await ok(wire.ask<Answer<Accepted>>("command", { id: uuid(), kind: "start", conversation }));
  await follow(wire, conversation);
  return conversation;
}

export const follow = async (wire: Wire, conversation: ConversationId): Promise<Head> =>
  (await ok(wire.ask<Answer<{ head: Head }>>("join", { conversation }))).head;

export const catchUp = (wire: Wire, conversation: ConversationId, since: number): Promise<Page> =>
  ok(wire.ask<Answer<Page>>("sync", { conversation, since }));

/** Who got the chat, as soon as somebody did, and the fence to write to it with. */
export async function assignment(
  wire: Wire,
  conversation: ConversationId,
): Promise<{ agent: AgentId; fence: number; seq: number }> {
  for (const until = Date.now() + patienceMs; Date.now() < until; ) {
    const { events } = await catchUp(wire, conversation, 0);
    const found = events.findLast((event) => event.kind === "assigned");
    if (found) return { agent: found.body.agent, fence: found.fence, seq: found.seq };
    await sleep(lookEveryMs);
  }
  throw new Error("nobody was assigned");
}

/** Side by side, but never more than these many at once. */
export async function inCrowds<T, R>(
  items: readonly T[],
  act: (item: T, index: number) => Promise<R>,
  wide = usualCrowd,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await act(item, index);
  };
  await Promise.all(Array.from({ length: wide }, worker));
  return results;
}
