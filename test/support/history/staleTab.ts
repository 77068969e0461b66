import { setTimeout as sleep } from "node:timers/promises";
import { v7 } from "uuid";
import { nodeWire } from "#server/demo/nodeWire.ts";
import { between, pick, type Random } from "#server/demo/random.ts";
import type { Watch } from "#server/demo/watch.ts";
import { agentNamespace, type ListWindow } from "#shared/protocol/sockets.ts";

export type StaleTab = { stop(): Promise<void> };

/**
 * An agent's forgotten tab: it once saw which chats the agent held, never learns better, and now and
 * then sends something for one of them with the fence of back then.
 */
export function staleTab(options: {
  url: string;
  origin: string;
  cookie: string;
  random: Random;
  watch: Watch;
  /** How long it waits between two messages, at most. */
  pauseMs: number;
}): StaleTab {
  const { url, origin, cookie, random, watch, pauseMs } = options;
  const page = { tab: `stale ${v7().slice(-8)}`, side: "agent" as const, number: 1 };
  const wire = watch.wire(page, nodeWire(url, agentNamespace, { headers: { cookie, origin } }));
  const fences = new Map<string, number>();
  /** It writes nothing more; and then it is gone. */
  let stopping = false;
  let stopped = false;

  const connected = new Promise<void>((resolve) => wire.on("connect", () => resolve()));
  const again = () => setTimeout(() => !stopped && wire.connect(), 20);
  wire.on("disconnect", again);
  wire.on("refused", again);
  wire.connect();

  /** Asks until there is an answer for good. */
  async function ask(event: string, payload: unknown): Promise<unknown> {
    while (!stopped) {
      const answer = (await wire.emitWithAck(event, payload, 1_000).catch(() => null)) as {
        ok: boolean;
        refusal?: { retry: boolean };
      } | null;
      if (answer && (answer.ok || answer.refusal?.retry === false)) return answer;
      await sleep(20);
    }
    return null;
  }

  async function acts(): Promise<void> {
    await connected;
    while (!stopping) {
      const window = (await ask("list", { list: "mine" })) as ListWindow | null;
      for (const { conversation } of window?.rows ?? []) {
        if (!fences.has(conversation.id)) fences.set(conversation.id, conversation.fence);
      }
      await sleep(between(random, pauseMs / 2, pauseMs));
      if (stopping || fences.size === 0) continue;
      const [conversation, fence] = pick(random, [...fences]);
      const text = watch.signed(page, "Sorry for the wait!", { kind: "say" });
      const content = { type: "text", text };
      await ask("command", { id: v7(), conversation, kind: "say", fence, content });
    }
  }

  const acting = acts();
  return {
    async stop() {
      stopping = true;
      // A tab that is closed waits for no answer.
      await Promise.race([acting, sleep(300)]);
      stopped = true;
      wire.disconnect();
      watch.left(page);
    },
  };
}
