import type { Wire } from "#shared/client/wire.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { ModelServer, Peer, Who } from "./modelServer.ts";
import type { Simulation } from "./simulation.ts";

/** Shares of packets that suffer, and the longest a packet travels. */
export type Faults = { drop: number; twice: number; delay: number; refuseToConnect: number };

export const healthy: Faults = { drop: 0, twice: 0, delay: 0, refuseToConnect: 0 };

export type FaultyWire = Wire & {
  /** Ends the connection; what was under way may still arrive at the server. */
  cut(): void;
  /** The handshake answers this until it is null again. */
  refuseWith(refusal: Refusal | null): void;
  /** Sends to the client as if the server had. */
  push(event: string, payload: unknown): void;
  connects(): number;
  sent: { event: string; payload: unknown }[];
};

/**
 * A socket to the model server over a network that loses, repeats, delays and reorders packets and
 * cuts connections: worse than TCP is, so that nothing rests on its manners.
 */
export function faultyWire(
  sim: Simulation,
  server: ModelServer,
  who: Who,
  faults: Faults,
): FaultyWire {
  const listeners = new Map<string, (payload: unknown) => void>();
  const tell = (event: string, payload?: unknown) => listeners.get(event)?.(payload);
  const sent: FaultyWire["sent"] = [];
  let connection: { peer: Peer; pending: Set<() => void> } | null = null;
  let turn = 0;
  let opening = false;
  let connects = 0;
  let refused: Refusal | null = null;

  /** Carries one packet, or two, or none. */
  function carry(arrive: () => void) {
    if (sim.chance(faults.drop)) return;
    sim.after(sim.random() * faults.delay, arrive);
    if (sim.chance(faults.twice)) sim.after(sim.random() * faults.delay * 2, arrive);
  }

  function close() {
    turn++;
    opening = false;
    const old = connection;
    connection = null;
    if (!old) return false;
    server.disconnect(old.peer);
    for (const reject of [...old.pending]) reject();
    return true;
  }

  return {
    sent,
    connects: () => connects,
    isOpen: () => connection !== null,
    refuseWith(refusal) {
      refused = refusal;
    },
    connect() {
      close();
      const mine = turn;
      opening = true;
      connects++;
      sim.after(sim.random() * faults.delay, () => {
        if (mine !== turn) return;
        opening = false;
        if (refused || sim.chance(faults.refuseToConnect)) return tell("refused", refused);
        const here = {
          peer: {
            who,
            push(event: string, payload: unknown) {
              carry(() => connection === here && tell(event, structuredClone(payload)));
            },
          },
          pending: new Set<() => void>(),
        };
        connection = here;
        server.connect(here.peer);
        tell("connect");
      });
    },
    disconnect: () => void close(),
    cut() {
      const failed = opening;
      if (close()) tell("disconnect");
      else if (failed) tell("refused");
    },
    push: (event, payload) => tell(event, payload),
    emit(event, payload) {
      const here = connection;
      if (!here) return;
      sent.push({ event, payload });
      carry(() => connection === here && server.handle(here.peer, event, payload));
    },
    emitWithAck(event, payload, patience) {
      const here = connection;
      if (!here) return Promise.reject(new Error("not connected"));
      sent.push({ event, payload });
      return new Promise((resolve, reject) => {
        const end = () => {
          here.pending.delete(fail);
          stop();
        };
        const fail = () => {
          end();
          reject(new Error("no answer"));
        };
        const stop = sim.after(patience, fail);
        here.pending.add(fail);
        const request = structuredClone(payload);
        // The one request whose order against others matters and which no client repeats.
        if (event === "leave") return resolve(server.handle(here.peer, event, request));
        carry(() => {
          const answer = server.handle(here.peer, event, request);
          carry(() => {
            if (!here.pending.has(fail)) return;
            end();
            resolve(structuredClone(answer));
          });
        });
      });
    },
    on: (event, hear) => listeners.set(event, hear),
  };
}
