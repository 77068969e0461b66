import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import { ownerOf } from "#shared/model/conversation.ts";
import type { AgentId, WorkspaceId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import type { Config } from "./config.ts";
import { placeOf } from "./domain/place.ts";
import { correctedClock } from "./engine/correctedClock.ts";
import { createDeclare } from "./engine/declare.ts";
import { createDirectory } from "./engine/directory.ts";
import { type CommittedChange, createDispatch } from "./engine/dispatch.ts";
import { rebuildDesk } from "./engine/rebuild.ts";
import { createRouter } from "./engine/router.ts";
import type { Clock, Desk, Ids, Ledger } from "./ports.ts";
import { DeskUnavailable } from "./ports.ts";
import { agentRoom, meOf, serveAgents } from "./transport/agent.ts";
import { clientAddress } from "./transport/clientAddress.ts";
import { createConnections } from "./transport/connections.ts";
import { createDelivery, type Delivery } from "./transport/deliver.ts";
import { startHeads } from "./transport/heads.ts";
import { createHttpApp, shopOrigin } from "./transport/http/httpApp.ts";
import { listen } from "./transport/listen.ts";
import { createLists, type Lists, type Touched } from "./transport/lists.ts";
import { createPositions, type Positions } from "./transport/positions.ts";
import { createSessions } from "./transport/sessions.ts";
import { createAddresses, createSockets } from "./transport/sockets.ts";
import { announceStaffing } from "./transport/staffing.ts";
import { createTickets } from "./transport/tickets.ts";
import { serveVisitors } from "./transport/visitor.ts";

/** The one workspace a default install has. */
export type World = {
  workspace: WorkspaceId;
  root: string;
  secret: string;
  shopSite: string | null;
  ledger: Ledger;
  desk: Desk;
  clock: Clock;
  ids: Ids;
  log: Logger;
};

export type App = {
  /** Resolves with the port once every address listens. */
  listen(): Promise<number>;
  /** Nothing more is taken, what is under way is finished, then everybody is cut off. */
  close(): Promise<void>;
  /** For tests: resolves when nothing is under way. */
  settle(): Promise<void>;
};

/** How long closing waits for decisions under way. */
const closingLimit = seconds(5);

/**
 * The composition root: the only place where the parts of the server learn of each other. Stores,
 * clock and ids are handed in, so that tests can run the same server on other ones.
 */
export async function createApp(config: Config, world: World): Promise<App> {
  const { workspace, ledger, desk, ids, secret, log } = world;
  const node = ids.next();
  const warn = (message: string, error: unknown) => log.warn({ err: error, node }, message);
  const corrected = await correctedClock(world.clock, ledger);
  const { clock } = corrected;
  const logEpoch = await ledger.logEpoch();
  const origins = [config.publicUrl, ...config.siteOrigins];
  if (world.shopSite) origins.push(shopOrigin(config));
  const directory = createDirectory({ workspace, ledger, desk, origins });
  await directory.refresh();

  let draining = false;
  const http = createServer();
  const addresses = createAddresses(config.socketsPerAddress, (request) =>
    clientAddress(request, config.trustProxy),
  );
  const io = createSockets(http, config.publicUrl, addresses);

  // Sockets hear of commits, and dispatch is what commits: each side gets the other by a late name.
  let delivery: Delivery;
  let lists: Lists;
  let positions: Positions;

  const dispatch = createDispatch({ workspace, ledger, directory, clock, secret, committed });
  const rebuild = () => rebuildDesk(workspace, node, { ledger, desk, directory, ids });
  const router = createRouter({
    workspace,
    node,
    ledger,
    desk,
    directory,
    dispatch,
    clock,
    ids,
    rebuild,
    warn,
  });

  function committed(change: CommittedChange): void {
    delivery.events(change.events);
    const { before, after } = change;
    const agents = [before && ownerOf(before), ownerOf(after)].filter((agent) => agent !== null);
    const moved = before === null || before.fence !== after.fence;
    touch({ agents: [...new Set(agents)], waiting: after.status === "queued" || moved });
    if (moved) place(change).catch((error) => tolerate("placing failed", error));
  }

  async function place({ after }: CommittedChange): Promise<void> {
    const step = directory.queues.get(after.queue)?.stepSeconds ?? 0;
    await desk.place(workspace, after.id, after.seq, placeOf(after, step));
    positions.touch();
    router.wake();
    await desk.publish(workspace, "wake", node);
  }

  /** Redis away slows things down and is seen in /health/ready; anything else is worth a line. */
  function tolerate(message: string, error: unknown): void {
    if (!(error instanceof DeskUnavailable)) warn(message, error);
  }

  function touch(touched: Touched): void {
    lists.touch(touched);
    const message = JSON.stringify({ node, ...touched });
    desk
      .publish(workspace, "lists", message)
      .catch((error) => tolerate("publishing failed", error));
  }

  async function refreshMe(agents: readonly AgentId[]): Promise<void> {
    const before = new Map(agents.map((agent) => [agent, JSON.stringify(meOf(directory, agent))]));
    await directory.refreshAgents();
    for (const agent of agents) {
      const me = meOf(directory, agent);
      if (me && JSON.stringify(me) !== before.get(agent))
        agentSpace.to(agentRoom(agent)).emit("me", me);
    }
  }

  const declare = createDeclare({
    workspace,
    ledger,
    clock,
    secret,
    async declared() {
      await refreshMe([...directory.agents.keys()]);
      router.wake();
      await desk
        .publish(workspace, "roster", node)
        .catch((error) => tolerate("publishing failed", error));
    },
  });

  const connect = createConnections({
    eventsPerSecond: config.eventsPerSecond,
    draining: () => draining,
    log: {
      refused: (event, connection, why) => log.info({ event, connection, why }, "event refused"),
      failed: (event, connection, error) =>
        log.error({ event, connection, err: error }, "event failed"),
    },
  });
  const sessions = createSessions(workspace, ledger, clock, config.publicUrl.startsWith("https:"));
  const tickets = createTickets(secret);

  // The namespaces take their delivery when somebody connects, which is after this function.
  const shared = {
    workspace,
    logEpoch,
    ledger,
    desk,
    directory,
    dispatch,
    clock,
    ids,
    connect,
    tickets,
    sessions,
    declare,
    get delivery() {
      return delivery;
    },
    get lists() {
      return lists;
    },
    get positions() {
      return positions;
    },
    attendanceChanged() {
      directory.refreshLive().catch((error) => tolerate("reading liveness failed", error));
      router.wake();
      desk
        .publish(workspace, "roster", node)
        .catch((error) => tolerate("publishing failed", error));
    },
  };
  const visitorSpace = serveVisitors(io, shared);
  const agentSpace = serveAgents(io, shared);

  delivery = createDelivery({
    workspace,
    node,
    desk,
    logEpoch,
    visitors: visitorSpace,
    agents: agentSpace,
    heardEvents: (events) => {
      const conversation = events[0]?.conversation;
      if (conversation) dispatch.forget(conversation);
    },
    warn: tolerate,
  });
  lists = createLists({
    workspace,
    ledger,
    agents: agentSpace,
    refreshed: ({ agents }) => {
      if (agents.length > 0)
        refreshMe(agents).catch((error) => warn("refreshing agents failed", error));
    },
    warn,
  });
  positions = createPositions({
    workspace,
    desk,
    visitors: visitorSpace,
    followed: () => delivery.followed("visitor"),
    warn,
  });
  const stopHeads = startHeads({ workspace, ledger, delivery, logEpoch, warn });
  const stopStaffing = announceStaffing(directory, visitorSpace);

  const subscriptions = await Promise.all([
    desk.subscribe(workspace, "wake", (from) => {
      if (from === node) return;
      positions.touch();
      router.wake();
    }),
    desk.subscribe(workspace, "lists", (message) => {
      const { node: from, ...touched } = JSON.parse(message) as Touched & { node: string };
      if (from !== node) lists.touch(touched);
    }),
    desk.subscribe(workspace, "roster", (from) => {
      if (from === node) return;
      refreshMe([...directory.agents.keys()]).catch((error) =>
        warn("refreshing agents failed", error),
      );
      directory.refreshLive().catch((error) => tolerate("reading liveness failed", error));
      router.wake();
    }),
  ]);
  const stopReturn = desk.onReturn(() => {
    rebuild()
      .then(() => router.wake())
      .catch((error) => tolerate("rebuilding failed", error));
  });
  await rebuild();
  const directoryTimer = setInterval(() => {
    directory.refresh().catch((error) => warn("refreshing the directory failed", error));
  }, seconds(15));

  const handler = await createHttpApp({
    config,
    root: world.root,
    workspace,
    ledger,
    desk,
    directory,
    sessions,
    tickets,
    shopSite: world.shopSite,
    draining: () => draining,
    signedOut: (agent) => agentSpace.in(agentRoom(agent)).disconnectSockets(true),
    failed: (route, error) => log.error({ route, err: error }, "request failed"),
  });
  http.on("request", handler);

  let servers: HttpServer[] = [];
  return {
    async listen() {
      servers = await listen(http, config.hosts, config.port);
      router.wake();
      return (http.address() as AddressInfo).port;
    },
    async settle() {
      await dispatch.settle();
      await router.settle();
      await lists.settle();
    },
    async close() {
      draining = true;
      visitorSpace.emit("draining", { retryAfterMs: seconds(1) });
      agentSpace.emit("draining", { retryAfterMs: seconds(1) });
      for (const server of servers) server.close();
      await Promise.race([
        dispatch.settle(),
        new Promise((resolve) => setTimeout(resolve, closingLimit).unref()),
      ]);
      stopHeads();
      stopStaffing();
      stopReturn();
      lists.stop();
      positions.stop();
      corrected.stop();
      clearInterval(directoryTimer);
      await router.stop();
      await Promise.allSettled(subscriptions.map((end) => end()));
      await io.close();
      http.closeAllConnections();
    },
  };
}
