import type { Page as BrowserPage, WebSocket } from "playwright-core";
import type { Page } from "#server/demo/watch.ts";
import { handWire } from "./handWire.ts";
import type { Recorder } from "./record.ts";

/**
 * Records what a real browser's page sends and hears over its WebSockets, before it opens the first:
 * commands and their answers, and everything the server tells. What it shows is looked at otherwise.
 */
export function recordBrowser(page: BrowserPage, who: Page, watch: Recorder["watch"]): void {
  /** What the frame that is being told of will be answered with. */
  let answer = Promise.withResolvers<unknown>();
  const inner = handWire(() => answer.promise);
  const wire = watch.wire(who, inner);

  page.on("websocket", (socket: WebSocket) => {
    const asked = new Map<string, PromiseWithResolvers<unknown>>();
    socket.on("framesent", ({ payload }) => {
      const packet = packetIn(payload.toString());
      if (packet?.type !== "event" || packet.id === "") return;
      const [event, content] = packet.content as [string, unknown];
      answer = Promise.withResolvers();
      asked.set(packet.id, answer);
      // Without an answer it is written down as lost; nobody else waits for it.
      wire.emitWithAck(event, content, 0).catch(() => undefined);
    });
    socket.on("framereceived", ({ payload }) => {
      const packet = packetIn(payload.toString());
      if (packet?.type === "answer") {
        asked.get(packet.id)?.resolve(packet.content[0]);
        asked.delete(packet.id);
      } else if (packet) inner.tell(String(packet.content[0]), packet.content[1]);
    });
    socket.on("close", () => {
      for (const { reject } of asked.values()) reject(new Error("the socket closed"));
    });
  });
}

type Packet = { type: "event" | "answer"; id: string; content: unknown[] };

/** An event or an answer as Socket.IO writes them: `42/visitor,7["command",{…}]`, `43/visitor,7[{…}]`. */
function packetIn(text: string): Packet | null {
  const [, type, id = "", json] = /^4([23])\/\w+,(\d*)(\[.*\])$/s.exec(text) ?? [];
  if (!json) return null;
  const content = JSON.parse(json) as unknown[];
  return { type: type === "2" ? "event" : "answer", id, content };
}
