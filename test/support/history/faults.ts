import { between, type Random } from "#server/demo/random.ts";
import type { Watch } from "#server/demo/watch.ts";

/** What goes wrong between a client and the server, each with its likelihood. */
export type Faults = {
  /** The connection breaks before a command is sent, or after it was taken and before the answer came. */
  losesRequest: number;
  losesAnswer: number;
  /** The connection breaks after something came from the server. */
  cuts: number;
};

export const noFaults: Faults = { losesRequest: 0, losesAnswer: 0, cuts: 0 };

/** A network that breaks now and then; `calm` mends it for good. */
export function faulty(
  random: Random,
  { losesRequest, losesAnswer, cuts }: Faults,
): { wire: Watch["wire"]; cut(side: "visitor" | "agent"): void; calm(): void } {
  const open = new Map<() => void, "visitor" | "agent">();
  let calm = false;
  const happens = (likely: number) => !calm && random() < likely;
  return {
    wire(page, inner) {
      const hearers = new Map<string, (payload: unknown) => void>();
      const cut = () => {
        if (!inner.isOpen()) return;
        inner.disconnect();
        hearers.get("disconnect")?.(undefined);
      };
      return {
        ...inner,
        connect() {
          open.set(cut, page.side);
          inner.connect();
        },
        disconnect() {
          open.delete(cut);
          inner.disconnect();
        },
        on(event, hear) {
          hearers.set(event, hear);
          inner.on(event, (payload) => {
            hear(payload);
            // Not in the middle of what the session does with it.
            if (event === "events" && happens(cuts)) setTimeout(cut, between(random, 0, 20));
          });
        },
        async emitWithAck(event, payload, patience) {
          if (event !== "command") return inner.emitWithAck(event, payload, patience);
          if (happens(losesRequest)) {
            queueMicrotask(cut);
            throw new Error("the request was lost");
          }
          const answer = await inner.emitWithAck(event, payload, patience);
          if (!happens(losesAnswer)) return answer;
          queueMicrotask(cut);
          throw new Error("the answer was lost");
        },
      };
    },
    cut(side) {
      for (const [cut, of] of [...open]) if (of === side) cut();
    },
    calm() {
      calm = true;
    },
  };
}
