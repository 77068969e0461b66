import type { ConversationId } from "#shared/model/ids.ts";
import type { AgentWelcome } from "#shared/protocol/sockets.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../../support/clients.ts";
import { pollClient } from "../../support/pollClient.ts";
import { memoryServer } from "./memoryServer.ts";
import { assigned, newest, wholeLog } from "./reading.ts";

/** What really went over the wire, under the names docs/protocol.md gives its examples. */
export type Samples = Map<string, unknown[]>;

const text = (words: string) => ({ type: "text", text: words });

/** One run in which everything the protocol has happens at least once. */
export async function protocolRun(): Promise<Samples> {
  const samples: Samples = new Map();
  const sample = (name: string, value: unknown) =>
    samples.set(name, [...(samples.get(name) ?? []), value]);

  /** Everything the server says to this client is a sample. */
  function recorded<C extends Client>(client: C, side: "visitor" | "agent"): C {
    client.socket.onAny((signal: string, message: unknown) => {
      sample(`signal ${side} ${signal}`, message);
    });
    return {
      ...client,
      async ask<T>(event: string, payload: unknown) {
        const answer = await client.ask<T>(event, payload);
        const { kind } = payload as { kind?: string };
        const name = event === "command" ? `command ${kind === "presence" ? kind : ""}` : event;
        if (answer.ok) sample(`answer ${side} ${name}`.trim(), answer);
        else sample(`refusal ${answer.refusal.code}`, answer);
        return answer;
      },
    };
  }
  const send = (client: Client, command: Record<string, unknown>) =>
    client.ask("command", { id: newId(), ...command });

  const server = await memoryServer();
  const hello = {
    protocol: { min: 1, max: 1 },
    logEpoch: null,
    locale: "pl",
    zone: "Europe/Warsaw",
  };
  const http = async (name: string, path: string, init?: RequestInit) => {
    const response = await fetch(`${server.url}${path}`, init);
    if (response.status !== 204) sample(`http ${name}`, await response.json());
    return response;
  };

  // Nobody is there yet.
  const talker = await visitorClient(server);
  const visitor = recorded(talker, "visitor");
  await visitor.ask("hello", hello);
  const conversation = newId<ConversationId>();
  await send(visitor, { kind: "start", conversation, name: "Kim", page: "https://shop.example/" });
  await visitor.ask("join", { conversation });
  await send(visitor, { kind: "say", conversation, content: text("Where is my parcel?") });

  const anna = recorded(await agentClient(server, 1), "agent");
  const welcome = await anna.ask<AgentWelcome>("hello", hello);
  await anna.ask("list", { list: "mine" });
  await anna.ask("list", { list: "waiting" });
  await send(anna, { kind: "presence", status: "online" });
  const { fence } = await assigned(visitor, conversation);
  await anna.ask("join", { conversation });
  await send(anna, { kind: "say", conversation, fence, content: text("Let me look.") });
  await send(anna, { kind: "note", conversation, text: "Second parcel this month" });
  await anna.ask("receipts", { conversation, delivered: 3, read: 3 });
  await visitor.ask("receipts", { conversation, delivered: 3, read: 3 });
  visitor.socket.emit("typing", { conversation, on: true });
  anna.socket.emit("typing", { conversation, on: true });
  await eventually(
    () => samples.has("signal agent typing") && samples.has("signal visitor typing"),
  );

  // Four more chats fill Anna up; the fifth waits and is told its place.
  const others = await Promise.all(Array.from({ length: 4 }, () => visitorClient(server)));
  for (const other of others.slice(0, 3)) await startChat(other);
  await eventually(async () =>
    (await server.ledger.agents(server.workspace)).some((a) => a.used === 400),
  );
  const waiting = recorded(others[3] as Client, "visitor");
  const queued = await startChat(waiting);
  await newest(waiting, queued, "queued");
  await eventually(() => samples.has("signal visitor position"));
  await anna.ask("list", { list: "waiting" });

  // Refusals.
  await send(anna, { kind: "say", conversation, fence: fence + 1, content: text("Old fence") });
  await send(anna, { kind: "close", conversation: queued, fence: 1 });
  await send(visitor, { kind: "say", conversation, content: text("") });
  await send(visitor, { kind: "start", conversation: newId() });
  await visitor.ask("join", { conversation: newId() });
  await visitor.ask("sync", { conversation, since: 1_000 });
  await visitor.ask("hello", { ...hello, protocol: { min: 2, max: 3 } });
  const once = { id: newId(), kind: "say", conversation, content: text("Once") };
  await visitor.ask("command", once);
  await visitor.ask("command", { ...once, content: text("Twice") });

  const specialists = welcome.ok && welcome.queues.find(({ name }) => name === "Specialists");
  const queue = specialists ? specialists.id : "";
  await send(anna, { kind: "transfer", conversation, fence, queue, note: "Knows the carrier" });
  await send(visitor, { kind: "end", conversation });
  await send(visitor, { kind: "end", conversation });
  await send(anna, { kind: "presence", status: "away" });
  await eventually(() => (samples.get("signal visitor staffed")?.length ?? 0) >= 2);

  for (const [side, client] of [
    ["visitor", visitor],
    ["agent", anna],
  ] as const) {
    const last = await client.ask("sync", { conversation, since: 0 });
    if (!last.ok) throw new Error("the log of the run can't be read");
    for (const event of await wholeLog(client, conversation)) {
      sample(`event ${side} ${event.kind}`, event);
    }
    await client.ask("leave", { conversation });
  }

  const polling = await pollClient(server, { token: talker.token });
  const polled = await polling.poll(conversation);
  if (polled.ok) {
    const signals = polled.signals.filter(([name]) => name !== "events" && name !== "position");
    sample("answer visitor poll", { ...polled, signals });
  }

  const account = server.signIns[3];
  const credentials = { email: account?.email, password: account?.password };
  const json = { "content-type": "application/json", origin: server.config.publicUrl };
  sample("http POST /api/session request", credentials);
  const signedIn = await http("POST /api/session", "/api/session", {
    method: "POST",
    headers: json,
    body: JSON.stringify(credentials),
  });
  const cookie = signedIn.headers.get("set-cookie")?.split(";")[0] ?? "";
  await http("GET /api/session", "/api/session", { headers: { cookie } });
  await http("refused", "/api/nowhere");
  await http("DELETE /api/session", "/api/session", {
    method: "DELETE",
    headers: { ...json, cookie },
  });
  await http("GET /health/live", "/health/live");
  await http("GET /health/ready", "/health/ready");
  const page = await (await fetch(`${server.url}/frame/demo-shop`)).text();
  const data = /id="parley-frame">(.*?)<\/script>/.exec(page)?.[1];
  sample("http GET /frame/:site", JSON.parse(data ?? "{}"));

  await server.close();
  await eventually(() => samples.has("signal agent draining"));
  for (const client of [visitor, anna, ...others]) client.close();
  return samples;
}
