import type { CommandId, ConversationId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Accepted, Answer, Polled } from "#shared/protocol/sockets.ts";
import { newId, newToken, type Reachable, ticketFor } from "./clients.ts";

/** A visitor's client over plain HTTP, by hand: what a program in another language would do. */
export type PollClient = {
  token: string;
  /** Everything polls brought, in order. */
  signals: Polled["signals"];
  events: ConversationEvent[];
  post(event: string, payload: unknown, more?: RequestInit): Promise<Response>;
  ask<T>(event: string, payload: unknown): Promise<Answer<T>>;
  command(command: Record<string, unknown>): Promise<Answer<Accepted>>;
  /** One poll with what is known so far; `at` may be another node. */
  poll(conversation?: ConversationId, at?: Reachable): Promise<Answer<Polled>>;
};

export async function pollClient(
  server: Reachable,
  { token = newToken(), ticket, locale = "en" }: Partial<Record<string, string>> = {},
): Promise<PollClient> {
  const headers = {
    authorization: `Bearer ${token}`,
    "parley-ticket": ticket ?? (await ticketFor(server)),
  };
  const events: ConversationEvent[] = [];
  const signals: Polled["signals"] = [];
  let seen: string | undefined;
  const query = (more: Record<string, string>) =>
    new URLSearchParams({ site: "demo-shop", locale, zone: "Europe/Warsaw", ...more });

  const post: PollClient["post"] = (event, payload, more = {}) =>
    fetch(`${server.url}/api/visitor/${event}?${query({})}`, {
      method: "POST",
      body: JSON.stringify(payload),
      ...more,
      headers: { ...headers, "content-type": "application/json", ...more.headers },
    });
  const ask = async <T>(event: string, payload: unknown) =>
    (await (await post(event, payload)).json()) as Answer<T>;
  return {
    token,
    signals,
    events,
    post,
    ask,
    command: (command) => ask<Accepted>("command", { id: newId<CommandId>(), ...command }),
    async poll(conversation, at = server) {
      const since = String(events.at(-1)?.seq ?? 0);
      const known = { ...(conversation && { conversation, since }), ...(seen && { seen }) };
      const response = await fetch(`${at.url}/api/visitor/poll?${query(known)}`, { headers });
      const answer = (await response.json()) as Answer<Polled>;
      if (!answer.ok) return answer;
      seen = answer.seen;
      signals.push(...answer.signals);
      for (const [name, message] of answer.signals) {
        if (name === "events") events.push(...message.events);
      }
      return answer;
    },
  };
}
