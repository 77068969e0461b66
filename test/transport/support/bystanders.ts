import { expect } from "vitest";
import type { ConversationId } from "#shared/model/ids.ts";
import {
  agentClient,
  type Client,
  eventually,
  newId,
  startChat,
  visitorClient,
} from "../../support/clients.ts";
import type { TestServer } from "../../support/server.ts";
import { assigned } from "./reading.ts";

/** A visitor and an agent in the middle of a chat, who must not notice what others do to the server. */
export type Bystanders = {
  visitor: Client & { token: string };
  agent: Client;
  conversation: ConversationId;
  fence: number;
  /** A message each way, on connections that were open all the time. */
  stillTalk(): Promise<void>;
  close(): void;
};

export async function bystanders(server: TestServer, who = 1): Promise<Bystanders> {
  const agent = await agentClient(server, who);
  await agent.command({ kind: "presence", status: "online" });
  const visitor = await visitorClient(server);
  const conversation = await startChat(visitor);
  const { fence } = await assigned(visitor, conversation);
  await agent.ask("join", { conversation });

  async function says(from: Client, to: Client, more: object): Promise<void> {
    const text = `still here ${newId()}`;
    const answer = await from.command({
      kind: "say",
      conversation,
      content: { type: "text", text },
      ...more,
    });
    expect(answer).toMatchObject({ ok: true });
    await eventually(() => to.events.some((event) => JSON.stringify(event.body).includes(text)));
  }

  return {
    visitor,
    agent,
    conversation,
    fence,
    async stillTalk() {
      await says(visitor, agent, {});
      await says(agent, visitor, { fence });
    },
    close() {
      visitor.close();
      agent.close();
    },
  };
}
