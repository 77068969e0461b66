import type { Millis } from "#shared/model/time.ts";

/**
 * One socket as the connection sees it, thin enough for tests to play the network. Each `connect`
 * is a new socket: nothing sent before it can arrive after it.
 */
export type Wire = {
  isOpen(): boolean;
  connect(): void;
  /** Closes without telling `disconnect`. */
  disconnect(): void;
  /** May be lost. */
  emit(event: string, payload: unknown): void;
  /** Rejects when no answer came in time, and at once when the socket isn't open or closes. */
  emitWithAck(event: string, payload: unknown, patience: Millis): Promise<unknown>;
  /** The server's events, and `connect`, `disconnect` and `refused` (with the refusal, if one was given). */
  on(event: string, hear: (payload: unknown) => void): void;
};

/** Tells whoever listens to a wire. */
export type Tell = (event: string, payload?: unknown) => void;
