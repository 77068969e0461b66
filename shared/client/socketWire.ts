import { Manager, type Socket } from "socket.io-client";
import { seconds } from "#shared/model/time.ts";
import type { Tell, Wire } from "./wire.ts";

/**
 * The wire over Socket.IO: WebSocket only (decision 13), its own reconnecting and buffering
 * unused. `blocked` is called when no socket opened several times in a row; it may put other ways into
 * the wire's place.
 */
export function socketWire(
  url: string,
  namespace: string,
  auth?: () => object,
  blocked?: (wire: Wire, tell: Tell) => void,
): Wire {
  const listeners = new Map<string, (payload: unknown) => void>();
  const tell: Tell = (event, payload) => listeners.get(event)?.(payload);
  let failed = 0;
  let socket: Socket | null = null;

  const disconnect = () => {
    socket?.off().offAny().disconnect();
    socket = null;
  };

  const wire: Wire = {
    isOpen: () => socket?.connected ?? false,
    disconnect,
    connect() {
      disconnect();
      // Not `io`: its cache of managers would be weight without use, each wire has one socket.
      const manager = new Manager(url, {
        transports: ["websocket"],
        reconnection: false,
        timeout: seconds(10),
      });
      socket = manager.socket(namespace, auth && { auth: auth() });
      socket.on("connect", () => {
        failed = 0;
        tell("connect");
      });
      socket.on("disconnect", () => tell("disconnect"));
      socket.on("connect_error", (error: Error & { data?: unknown }) => {
        if (!error.data && ++failed > 1) blocked?.(wire, tell);
        tell("refused", error.data);
      });
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
  return wire;
}
