import { type AgentSession, agentSession } from "#shared/client/agentSession.ts";
import { type VisitorSession, visitorSession } from "#shared/client/visitorSession.ts";
import type { AgentId, VisitorId } from "#shared/model/ids.ts";
import { type Browser, browser } from "./browser.ts";
import { type Faults, type FaultyWire, faultyWire, healthy } from "./faultyWire.ts";
import { ModelServer } from "./modelServer.ts";
import { type Simulation, simulation, type TestWorld } from "./simulation.ts";

export type Client<Session> = {
  session: Session;
  wire: FaultyWire;
  world: TestWorld;
  close(): void;
};

/** A model server and the clients a test opens on it. */
export type Setting = {
  sim: Simulation;
  server: ModelServer;
  faults: Faults;
  visitor(on?: Browser, who?: string): Client<VisitorSession>;
  agent(id?: string, on?: Browser): Client<AgentSession>;
};

/** The page is gone, as after a reload: from here on it stores and sends nothing. */
function close(session: { dispose(): void }, store: { close(): void }) {
  store.close();
  session.dispose();
}

export function setting(seed = 1): Setting {
  const sim = simulation(seed);
  const server = new ModelServer(sim);
  const faults = { ...healthy, delay: 20 };
  const tabs = new Map<(id: string) => void, string>();
  return {
    sim,
    server,
    faults,
    visitor(on = browser(), who = "v1") {
      const store = on.page();
      const world = sim.world();
      const wire = faultyWire(sim, server, { side: "visitor", visitor: who as VisitorId }, faults);
      const session = visitorSession({
        wire,
        world,
        store,
        sender: `visitor ${who}`,
        tabs(name, hear) {
          tabs.set(hear, name);
          return {
            tell(conversation) {
              for (const [other, of] of tabs) {
                if (of === name && other !== hear) sim.after(1, () => other(conversation));
              }
            },
            close: () => void tabs.delete(hear),
          };
        },
        locale: "en",
        zone: "UTC",
        page: () => "https://shop.example/shoes",
      });
      return { session, wire, world, close: () => close(session, store) };
    },
    agent(id = "a1", on = browser()) {
      const store = on.page();
      const world = sim.world();
      const wire = faultyWire(sim, server, { side: "agent", agent: id as AgentId }, faults);
      const session = agentSession({ wire, world, store, locale: "en", zone: "UTC" });
      return { session, wire, world, close: () => close(session, store) };
    },
  };
}
