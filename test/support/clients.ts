import { randomBytes } from "node:crypto";
import { io, type Socket } from "socket.io-client";
import { v7 as uuid } from "uuid";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import {
  type Accepted,
  type AgentWelcome,
  type Answer,
  agentNamespace,
  type VisitorWelcome,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import type { TestServer } from "./server.ts";

/** A client that speaks the protocol by hand: what a program in another language would do. */
export type Client = {
  socket: Socket;
  events: ConversationEvent[];
  ask<T>(event: string, payload: unknown): Promise<Answer<T>>;
  command(command: Record<string, unknown>): Promise<Answer<Accepted>>;
  close(): void;
};

const hello = { protocol: { min: 1, max: 1 }, logEpoch: null, locale: "en", zone: "UTC" };
export const newId = <T extends string>() => uuid() as T;
export const newToken = () => randomBytes(32).toString("base64url");

/** What clients need to know of a server, wherever it runs. */
export type Reachable = { url: string; config: { publicUrl: string } };

export async function ticketFor(server: Reachable, site = "demo-shop"): Promise<string> {
  const page = await (await fetch(`${server.url}/frame/${site}`)).text();
  const data = /id="parley-frame">(.*?)<\/script>/.exec(page)?.[1];
  return (JSON.parse(data ?? "{}") as { ticket: string }).ticket;
}

export async function visitorClient(
  server: Reachable,
  {
    token = newToken(),
    site = "demo-shop",
    ticket,
  }: { token?: string; site?: string; ticket?: string } = {},
): Promise<Client & { token: string; welcome: VisitorWelcome }> {
  const auth = { site, token, ticket: ticket ?? (await ticketFor(server, site)) };
  const client = await connect(server, visitorNamespace, { auth });
  const welcome = await client.ask<VisitorWelcome>("hello", hello);
  if (!welcome.ok) throw new Error(`refused: ${welcome.refusal.code}`);
  return { ...client, token, welcome };
}

export async function signIn(server: TestServer, who = 1): Promise<string> {
  const account = server.signIns[who];
  const response = await fetch(`${server.url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: server.config.publicUrl },
    body: JSON.stringify({ email: account?.email, password: account?.password }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!response.ok || !cookie) throw new Error(`signing in failed: ${response.status}`);
  return cookie;
}

/** `who` is the place in the demo's sign-ins: 0 the owner, 1 Anna (Front line), 2 Ben, 3 Iryna. */
export async function agentClient(
  server: TestServer,
  who = 1,
): Promise<Client & { welcome: AgentWelcome }> {
  const cookie = await signIn(server, who);
  const client = await connect(server, agentNamespace, {
    extraHeaders: { cookie, origin: server.config.publicUrl },
  });
  const welcome = await client.ask<AgentWelcome>("hello", hello);
  if (!welcome.ok) throw new Error(`refused: ${welcome.refusal.code}`);
  return { ...client, welcome };
}

export async function connect(
  server: Reachable,
  namespace: string,
  options: { auth?: Record<string, unknown>; extraHeaders?: Record<string, string> },
): Promise<Client> {
  const socket = io(`${server.url}${namespace}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    ...options,
  });
  const events: ConversationEvent[] = [];
  socket.on("events", (message: { events: ConversationEvent[] }) => events.push(...message.events));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  const ask = <T>(event: string, payload: unknown) =>
    socket.timeout(10_000).emitWithAck(event, payload) as Promise<Answer<T>>;
  return {
    socket,
    events,
    ask,
    command: (command) => ask<Accepted>("command", { id: newId<CommandId>(), ...command }),
    close: () => void socket.disconnect(),
  };
}

/** A conversation just started, with a first message. */
export async function startChat(visitor: Client, text = "Hello"): Promise<ConversationId> {
  const conversation = newId<ConversationId>();
  await visitor.command({ kind: "start", conversation });
  await visitor.command({ kind: "say", conversation, content: { type: "text", text } });
  await visitor.ask("join", { conversation });
  return conversation;
}

/** Resolves as soon as `check` gives something; fails with what it last saw after a generous while. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const until = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const result = await check();
      if (result) return result;
      last = result;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until)
      throw last instanceof Error ? last : new Error(`never came true: ${JSON.stringify(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
