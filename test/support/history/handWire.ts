import type { Wire } from "#shared/client/wire.ts";

/** The wire of somebody who is no session: asks one thing after another, and hears what is told. */
export function handWire(
  ask: (event: string, payload: unknown) => Promise<unknown>,
): Wire & { tell(event: string, payload: unknown): void } {
  const hearers = new Map<string, (payload: unknown) => void>();
  return {
    isOpen: () => true,
    connect: () => undefined,
    disconnect: () => undefined,
    emit: () => undefined,
    emitWithAck: ask,
    on: (event, hear) => void hearers.set(event, hear),
    tell: (event, payload) => hearers.get(event)?.(payload),
  };
}
