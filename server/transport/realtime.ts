import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Router } from "express";
import { ownerOf, type Status } from "#shared/model/conversation.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { agentNamespace, visitorNamespace } from "#shared/protocol/sockets.ts";
import type { Config } from "../config.ts";
import type { Declare } from "../engine/declare.ts";
import type { Directory } from "../engine/directory.ts";
import type { CommittedChange, Dispatch } from "../engine/dispatch.ts";
import { everyList, type Touched } from "../engine/notices.ts";
import { readableQueues } from "../engine/readableQueues.ts";
import type { Clock, Desk, Ids, Ledger } from "../ports.ts";
import { DeskUnavailable } from "../ports.ts";
import { createAdmission } from "./admission.ts";
import { announceMe, serveAgents, sessionRoom } from "./agent.ts";
import { clientAddress } from "./clientAddress.ts";
import { createConnections } from "./connections.ts";
import { createDelivery } from "./deliver.ts";
import { startHeads } from "./heads.ts";
import { visitorRoutes } from "./http/visitor.ts";
import { beatNow, farewellsSaid } from "./keepAlive.ts";
import { createLists } from "./lists.ts";
import { watchLoop } from "./loopLag.ts";
import { createPolls } from "./polls.ts";
import { createPositions } from "./positions.ts";
import type { ReceiveLog } from "./receive.ts";
import type { Sessions } from "./sessions.ts";
import { watchSessions } from "./sessionWatch.ts";
import { createAddresses, createSockets, type SocketsLog } from "./sockets.ts";
import { announcePresence, announceStaffing } from "./staffing.ts";
import type { Tickets } from "./tickets.ts";
import { createUncertain } from "./uncertain.ts";
import { serveVisitors } from "./visitor.ts";

/** Everything sockets: what people send comes in here, what was committed goes out here. */
export type Realtime = {
  /** The same over plain HTTP, for visitors whose network blocks WebSockets. */
  routes: Router;
  /** Shows a commit of this node to everybody it concerns; answers whose lists it touched. */
  committed(change: CommittedChange): Touched;
  /** A commit of this node of which it isn't known whether it happened or who was told. */
  uncertain(conversation: ConversationId): void;
  /** Lists may lack something, here and on other nodes. */
  listsMayLack(): void;
  /** Another node said that these lists may have changed. */
  touch(touched: Touched): void;
  queuesMoved(): void;
  /** Everybody who is here tells the Desk so at once. */
  revive(): void;
  /** Cuts the sockets of a console session that ended. */
  signedOut(session: string): void;
  /** Tells everybody to reconnect elsewhere; nothing more is taken from now on. */
  drain(): void;
  /** Resolves once everything taken so far has been answered. */
  answered(): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
};

/** Reconnects a second that the other nodes, and SQL behind them, take in passing. */
const reconnectsPerSecond = 200;

/** Over plain HTTP, at full speed: more from one address are told to wait. */
const visitorsPerAddress = 10;

/** Everybody at once would be a storm: the more there are, the longer they take turns. */
export const reconnectSpread = (sockets: number): Millis =>
  Math.min(seconds(10), Math.max(seconds(1), seconds(sockets / reconnectsPerSecond)));

type Parts = {
  http: HttpServer;
  config: Config;
  workspace: WorkspaceId;
  node: string;
  logEpoch: string;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  dispatch: Dispatch;
  declare: Declare;
  sessions: Sessions;
  tickets: Tickets;
  clock: Clock;
  ids: Ids;
  attendanceChanged(): void;
  /** Tests look at sessions more often. */
  sessionsPace?: Millis;
  /** And at where logs end. */
  headsPace?: Millis;
  /** No other node is there to publish to. */
  alone(): boolean;
  /** Without a commit, these lists may have changed: other nodes want to know. */
  touched(touched: Touched): void;
  log: SocketsLog & ReceiveLog & { refusedRequest(why: string): void };
  failed(route: string, error: unknown): void;
  warn(message: string, error: unknown): void;
};

export function createRealtime(parts: Parts): Realtime {
  const { http, config, workspace, node, logEpoch, ledger, desk, directory, dispatch } = parts;
  let draining = false;

  const warn = (message: string, error: unknown) => {
    // Redis being away is seen in /health/ready and logged once where it was noticed.
    if (!(error instanceof DeskUnavailable)) parts.warn(message, error);
  };
  const addressOf = (request: IncomingMessage) => clientAddress(request, config.trustProxy);
  const addresses = createAddresses(config.socketsPerAddress, addressOf);
  const { io, close: closeSockets } = createSockets(
    http,
    config.publicUrl,
    { addresses, draining: () => draining },
    parts.log,
  );
  const { connect, request, answered } = createConnections({
    eventsPerSecond: config.eventsPerSecond,
    draining: () => draining,
    log: parts.log,
  });
  const visitors = io.of(visitorNamespace);
  const agents = io.of(agentNamespace);

  const loop = watchLoop();
  const delivery = createDelivery({
    workspace,
    node,
    desk,
    logEpoch,
    visitors,
    agents,
    alone: parts.alone,
    lagging: loop.lagging,
    heardEvents(events) {
      const conversation = events[0]?.conversation;
      if (conversation) dispatch.forget(conversation);
    },
    warn,
  });
  const lists = createLists({
    workspace,
    ledger,
    agents,
    queuesOf(id) {
      const agent = directory.agents.get(id);
      return agent ? readableQueues(agent, directory.queues.keys()) : [];
    },
    refreshed({ held }) {
      if (!held) return;
      directory.refreshAgents().catch((error) => warn("refreshing agents failed", error));
    },
    warn,
  });
  const positions = createPositions({
    workspace,
    desk,
    delivery,
    staffed: directory.staffed,
    warn,
  });

  const admission = createAdmission({ ...parts, mostStrangers: config.socketsPerAddress });
  const polls = createPolls({ ...parts, delivery, positions });
  const routes = visitorRoutes({
    ...parts,
    delivery,
    positions,
    polls,
    addresses,
    admission,
    requestsPerSecond: config.eventsPerSecond * visitorsPerAddress,
    addressOf,
    request,
    publicUrl: config.publicUrl,
    refusedRequest: parts.log.refusedRequest,
  });

  serveVisitors(io, { ...parts, delivery, positions, admission, addressOf, connect });
  serveAgents(io, { ...parts, delivery, lists, connect, touch });
  const stopHeads = startHeads({
    workspace,
    ledger,
    desk,
    delivery,
    logEpoch,
    onStall: loop.onStall,
    moved(conversations) {
      for (const conversation of conversations) dispatch.forget(conversation);
    },
    lists: lists.look,
    warn,
    ...(parts.headsPace && { pace: parts.headsPace }),
  });
  const listsMayLack = () => touch(everyList);
  const uncertain = createUncertain({ workspace, ledger, delivery, told: listsMayLack, warn });
  const stopStaffing = announceStaffing(directory, visitors);
  const stopMe = announceMe(directory, agents);
  const stopPresence = announcePresence(directory, agents);
  const stopPlaces = directory.onChange(positions.touch);

  const stopSessions = watchSessions({
    workspace,
    ledger,
    desk,
    clock: parts.clock,
    agents,
    ended: signedOut,
    warn,
    ...(parts.sessionsPace && { pace: parts.sessionsPace }),
  });

  /** Whoever comes back with it is refused as `unauthenticated`. */
  function signedOut(session: string): void {
    for (const id of [...(agents.adapter.rooms.get(sessionRoom(session)) ?? [])]) {
      parts.log.cut(id, "signed out");
      agents.sockets.get(id)?.disconnect(true);
    }
  }

  function touch(touched: Touched): void {
    lists.touch(touched);
    parts.touched(touched);
  }

  return {
    routes,
    committed({ before, after, events }) {
      delivery.events(events);
      const [from, to] = [before && ownerOf(before), ownerOf(after)];
      const was = (status: Status) => after.status === status || before?.status === status;
      const touched = {
        agents: (from === to ? [to] : [from, to]).filter((owner) => owner !== null),
        waiting: was("queued"),
        parked: was("parked"),
        closed: was("closed"),
        // An ordinary message leaves this as it was: nobody reads the agents again for it.
        held: from !== to,
      };
      lists.touch(touched);
      return touched;
    },
    uncertain: uncertain.add,
    listsMayLack,
    touch: lists.touch,
    queuesMoved: positions.touch,
    revive() {
      for (const { sockets } of [visitors, agents])
        for (const one of sockets.values()) beatNow(one);
    },
    signedOut,
    drain() {
      draining = true;
      const told = [...visitors.sockets.values(), ...agents.sockets.values()];
      const spread = reconnectSpread(told.length + polls.open());
      const pause = () => Math.round(Math.random() * spread);
      for (const socket of told) socket.emit("draining", { retryAfterMs: pause() });
      polls.drain(pause);
    },
    answered,
    settle: lists.settle,
    async close() {
      loop.stop();
      stopHeads();
      stopStaffing();
      stopMe();
      stopPresence();
      stopSessions();
      stopPlaces();
      lists.stop();
      uncertain.stop();
      positions.stop();
      await closeSockets();
      // Whoever comes back elsewhere says so there; whoever doesn't is gone from now on.
      await farewellsSaid();
    },
  };
}
