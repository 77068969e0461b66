import { io, type Socket } from "socket.io-client";
import type { Wire } from "#shared/client/wire.ts";
import { seconds } from "#shared/model/time.ts";

/**
 * The wire of a program that isn't a browser: it says by headers who it is, which a page can't.
 * Otherwise the same as shared/client's: WebSocket only, a new socket for each connect.
 */
export function nodeWire(
  url: string,
  namespace: string,
  who: { auth?: () => object; headers?: Record<string, string> },
): Wire {
  const listeners = new Map<string, (payload: unknown) => void>();
  const tell = (event: string, payload?: unknown) => listeners.get(event)?.(payload);
  let socket: Socket | null = null;

  const disconnect = () => {
    socket?.off().offAny().disconnect();
    socket = null;
  };

  return {
    isOpen: () => socket?.connected ?? false,
    disconnect,
    connect() {
      disconnect();
      socket = io(url + namespace, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        timeout: seconds(10),
        ...(who.auth && { auth: who.auth() }),
        ...(who.headers && { extraHeaders: who.headers }),
      });
      socket.on("connect", () => tell("connect"));
      socket.on("disconnect", () => tell("disconnect"));
      socket.on("connect_error", (error: Error & { data?: unknown }) =>
        tell("refused", error.data),
      );
      socket.onAny(tell);
    },
    emit(event, payload) {
      if (socket?.connected) socket.volatile.emit(event, payload);
    },
    emitWithAck: (event, payload, patience) =>
      socket?.connected
        ? socket.timeout(patience).emitWithAck(event, payload)
        : Promise.reject(new Error("not connected")),
    on: (event, hear) => listeners.set(event, hear),
  };
}
