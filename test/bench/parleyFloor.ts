import { v7 as uuid } from "uuid";
import {
  type Answer,
  agentNamespace,
  type ListWindow,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import { acked, delivered, type Floor, type Hearer, nobody, textOf } from "./floor.ts";
import { assignment, follow, greetVisitor, inCrowds, ok, seatAgents, startChat } from "./people.ts";
import type { Measured } from "./servers.ts";
import type { Stores } from "./stores.ts";

/** What a page that shows a chat waits before it says how far it has got. */
const receiptsEveryMs = 1_000;

export type ParleyFloor = Floor & {
  /** From now on the agents have their lists open and send receipts, as their pages do. */
  openConsoles(): Promise<() => void>;
};

/** Every visitor with a chat of their own, every chat with an agent who follows it. */
export async function parleyFloor(server: Measured, stores: Stores): Promise<ParleyFloor> {
  const agents = await seatAgents(server, stores);
  const wireOf = new Map(agents.map(({ id, wire }) => [id, wire]));
  const chats = await inCrowds(stores.visitors, async (token) => {
    const wire = await greetVisitor(server, { site: stores.site, token });
    const conversation = await startChat(wire);
    const { agent, seq } = await assignment(wire, conversation);
    const hearing = wireOf.get(agent);
    if (!hearing) throw new Error("an unknown agent was assigned");
    await follow(hearing, conversation);
    return { wire, conversation, hearing, begun: seq };
  });
  const arrived = new Uint32Array(chats.length);
  const counting: Hearer = {
    acked: (line, n) => floor.hearer.acked(line, n),
    delivered(line, n) {
      arrived[line] = (arrived[line] ?? 0) + 1;
      floor.hearer.delivered(line, n);
    },
  };

  const floor: ParleyFloor = {
    server,
    lines: chats.length,
    send(line, n) {
      const chat = chats[line];
      const content = `{"type":"text","text":"${textOf(line, n)}"}`;
      chat?.wire.send(
        n,
        "command",
        `{"id":"${uuid()}","conversation":"${chat.conversation}","kind":"say","content":${content}}`,
      );
    },
    hearer: nobody,
    async held() {
      const heads = await inCrowds(chats, async ({ wire, conversation, begun }) => {
        return (await follow(wire, conversation)).head - begun;
      });
      return heads.reduce((sum, messages) => sum + messages, 0);
    },
    async openConsoles() {
      await inCrowds(agents, ({ wire }) =>
        ok(wire.ask<Answer<ListWindow>>("list", { list: "mine" })),
      );
      const told = new Uint32Array(chats.length);
      const timer = setInterval(() => {
        for (const [line, { hearing, conversation, begun }] of chats.entries()) {
          const count = arrived[line] ?? 0;
          if (told[line] === count) continue;
          told[line] = count;
          const seq = begun + count;
          void ok(hearing.ask("receipts", { conversation, delivered: seq, read: seq }));
        }
      }, receiptsEveryMs);
      return () => clearInterval(timer);
    },
    close() {
      for (const { wire } of [...chats, ...agents]) wire.close();
    },
  };
  // Rows of a list show what was said last, but a chat's events are what is delivered.
  const events = `42${agentNamespace},["events"`;
  for (const { wire } of agents) {
    wire.hear = (packet) => {
      if (packet.startsWith(events)) delivered(packet, counting);
    };
  }
  const prefix = visitorNamespace.length + 1;
  for (const [line, { wire }] of chats.entries()) {
    wire.hear = (packet) => {
      if (packet.startsWith("43")) acked(packet, prefix, line, counting);
    };
  }
  return floor;
}
