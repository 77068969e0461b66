import type { IncomingMessage } from "node:http";

/** What is used of Engine.IO's socket; its own types hide some of it. */
type EngineSocket = {
  request: IncomingMessage;
  writeBuffer: { length: number };
  flush(): void;
};

/**
 * Lets one write to the network carry all that one turn of the event loop has for a connection: an
 * acknowledgement with the event it caused, the messages of all chats of an agent. Engine.IO writes
 * the first packet at once and each later one by itself, and a write costs more processor time than
 * everything else about a delivery. Nothing waits: the turn's end comes before any other I/O.
 */
export function gatherWrites(socket: EngineSocket): void {
  const flush = socket.flush.bind(socket);
  let planned = false;
  socket.flush = () => {
    if (planned || socket.writeBuffer.length === 0) return;
    planned = true;
    process.nextTick(() => {
      planned = false;
      const { socket: tcp } = socket.request;
      tcp.cork();
      flush();
      tcp.uncork();
    });
  };
}
