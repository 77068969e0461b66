import { acked, delivered, type Floor, nobody, textOf } from "./floor.ts";
import type { Measured } from "./servers.ts";
import { connectWire } from "./wire.ts";

/** The same people as on Parley's floor, in the same number of connections: a room for each pair. */
export async function bareFloor(
  server: Measured,
  { pairs, agents }: { pairs: number; agents: number },
): Promise<Floor> {
  const { port } = server;
  const rooms = Array.from({ length: pairs }, (_, line) => `room:${line}`);
  const join = (rooms: string[]) => connectWire({ port, namespace: "/", auth: { rooms } });
  const hearing = await Promise.all(
    Array.from({ length: agents }, (_, agent) =>
      join(rooms.filter((_, line) => line % agents === agent)),
    ),
  );
  const saying = await Promise.all(rooms.map((room) => join([room])));
  const floor: Floor = {
    server,
    lines: pairs,
    send(line, n) {
      saying[line]?.send(n, "say", `{"room":"${rooms[line]}","text":"${textOf(line, n)}"}`);
    },
    hearer: nobody,
    held: async () => null,
    close() {
      for (const wire of [...saying, ...hearing]) wire.close();
    },
  };
  for (const wire of hearing) wire.hear = (packet) => delivered(packet, floor.hearer);
  for (const [line, wire] of saying.entries()) {
    wire.hear = (packet) => acked(packet, 0, line, floor.hearer);
  }
  return floor;
}
