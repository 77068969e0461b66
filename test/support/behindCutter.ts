import { type Cut, type FrameCutter, startFrameCutter } from "./frameCutter.ts";
import { freePort } from "./freePort.ts";
import type { Stores } from "./stack.ts";

/** Stores whose servers are reached through a relay, which is where they say that they are. */
export function behindCutter(
  stores: Stores,
  cut: Cut | null,
): Stores & { cutter(): FrameCutter | null } {
  let cutter: FrameCutter | null = null;
  return {
    ...stores,
    cutter: () => cutter,
    async start(options = {}) {
      const target = await freePort();
      const relay = await startFrameCutter({
        target,
        cut,
        ...(options.port && { port: options.port }),
      });
      cutter = relay;
      const env = { PUBLIC_URL: `http://localhost:${relay.port}`, ...options.env };
      try {
        const stack = await stores.start({ ...options, port: target, env });
        return {
          ...stack,
          async close() {
            await stack.close();
            await relay.close();
          },
        };
      } catch (error) {
        await relay.close();
        throw error;
      }
    },
  };
}
