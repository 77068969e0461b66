import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import type { Config } from "./config.ts";
import { placeOf } from "./domain/place.ts";
import { type AbsenteesPace, createAbsentees } from "./engine/absentees.ts";
import { correctedClock } from "./engine/correctedClock.ts";
import { createDeclare } from "./engine/declare.ts";
import { createDirectory } from "./engine/directory.ts";
import { type CommittedChange, createDispatch } from "./engine/dispatch.ts";
import { createLanes } from "./engine/lanes.ts";
import { createNodeLease } from "./engine/nodeLease.ts";
import { createNotices } from "./engine/notices.ts";
import { openLog } from "./engine/openLog.ts";
import { createPeers } from "./engine/peers.ts";
import { type RebuildWhen, rebuildDesk } from "./engine/rebuild.ts";
import { createReconciler, type Reconciler } from "./engine/reconciler.ts";
import { createRouter } from "./engine/router.ts";
import type { Clock, Desk, Ids, Ledger, LogMarkKeeper } from "./ports.ts";
import { DeskUnavailable } from "./ports.ts";
import { createHttpApp, shopOrigin } from "./transport/http/httpApp.ts";
import { listen } from "./transport/listen.ts";
import { createRealtime } from "./transport/realtime.ts";
import { createSessions } from "./transport/sessions.ts";
import { createTally } from "./transport/tally.ts";
import { createTickets } from "./transport/tickets.ts";

/** What the server stands on; tests hand in other stores, clocks and ids. */
export type World = {
  /** The default install has one. */
  workspace: WorkspaceId;
  /** The repository's root, where built pages are. */
  root: string;
  secret: string;
  /** The demo shop's site key, or null when there is no demo. */
  shopSite: string | null;
  ledger: Ledger;
  desk: Desk;
  /** Where an embedded database's log is marked besides; null when there is none. */
  keeper?: LogMarkKeeper | null;
  clock: Clock;
  /** Goes on only while this machine runs; the process's own unless a test says otherwise. */
  elapsed?: () => Millis;
  ids: Ids;
  log: Logger;
  /** Tests wait less long than people may. */
  pace?: {
    reconciler?: { every: Millis; secondLookAfter: Millis };
    absentees?: AbsenteesPace;
    tally?: Millis;
    directory?: Millis;
    nodes?: { every: Millis; length: Millis };
    sessions?: Millis;
    heads?: Millis;
  };
};

export type App = {
  /** Resolves with the port once every address listens. */
  listen(): Promise<number>;
  /** Nothing more is taken, what is under way is finished, then everybody is cut off. */
  close(): Promise<void>;
  /** What the reconciler has seen and put right since this node started. */
  reconciled: Reconciler["counts"];
  /** For tests: resolves when nothing is under way. */
  settle(): Promise<void>;
};

/** How long closing waits for decisions under way. */
const closingLimit = seconds(5);
/** Announced changes are read at once; this is for announcements that were lost. */
const directoryInterval = seconds(15);

/** The composition root: the only place where the parts of the server learn of each other. */
export async function createApp(config: Config, world: World): Promise<App> {
  const { workspace, ledger, desk, ids, secret, log, shopSite } = world;
  const node = ids.next();
  const warn = (message: string, error: unknown) => {
    // Redis being away is seen in /health/ready and logged once where it was noticed.
    if (!(error instanceof DeskUnavailable)) log.warn({ err: error }, message);
  };
  const { clock, stop: stopClock } = await correctedClock(world.clock, ledger);
  const keeper = world.keeper ?? null;
  const logEpoch = await openLog({ workspace, ledger, desk, keeper });
  const lease = await createNodeLease({
    workspace,
    node,
    ledger,
    desk,
    keeper,
    warn,
    ...(world.pace?.nodes && { pace: world.pace.nodes }),
  });
  const origins = [
    config.publicUrl,
    ...config.siteOrigins,
    ...(shopSite ? [shopOrigin(config)] : []),
  ];
  const directory = createDirectory({ workspace, ledger, desk, origins });
  await directory.refresh();

  const dispatch = createDispatch({
    workspace,
    ledger,
    directory,
    clock,
    secret,
    committed,
    uncertain,
  });
  // One after the other: whoever comes second finds that there is nothing left to do.
  const rebuilding = createLanes();
  const rebuild = (when: RebuildWhen) =>
    rebuilding.run(workspace, () =>
      rebuildDesk(workspace, node, { ledger, desk, directory, ids }, { ...when, begun: revive }),
    );
  const router = createRouter({
    workspace,
    node,
    ledger,
    desk,
    directory,
    dispatch,
    clock,
    ids,
    rebuild: () => rebuild({ onlyIfLost: true }),
    warn,
  });
  const sessions = createSessions(workspace, ledger, clock, config.publicUrl.startsWith("https:"));
  const tickets = createTickets(secret);
  const declare = createDeclare({ workspace, ledger, clock, secret, declared: rosterChanged });
  const http = createServer();
  let draining = false;
  const requestFailed = (route: string, error: unknown) =>
    log.error({ route, err: error }, "request failed");
  const peers = await createPeers({ workspace, node, desk, warn });
  const tally = createTally(log, world.pace?.tally);
  const realtime = createRealtime({
    http,
    config,
    workspace,
    node,
    logEpoch,
    ledger,
    desk,
    directory,
    dispatch,
    declare,
    sessions,
    tickets,
    clock,
    ids,
    warn,
    failed: requestFailed,
    alone: peers.alone,
    ...(world.pace?.sessions && { sessionsPace: world.pace.sessions }),
    ...(world.pace?.heads && { headsPace: world.pace.heads }),
    touched: (touched) => notices.lists(touched),
    attendanceChanged() {
      // Everybody leaves when this node closes, and where they come back they are noticed.
      if (!draining) rosterChanged().catch((error) => warn("roster not read", error));
    },
    log: {
      refused: (event, connection, why) =>
        tally.count(
          "event refused",
          { event, code: why.code, ...(why.path !== undefined && { path: why.path }) },
          { connection },
        ),
      failed: (event, connection, error) =>
        log.error({ event, connection, err: error }, "event failed"),
      refusedHandshake: (why) => tally.count("handshake refused", { why }),
      refusedRequest: (why) => tally.count("request refused", { why }),
      cut: (connection, why) => tally.count("connection cut", { why }, { connection }),
    },
  });
  const notices = await createNotices({
    workspace,
    node,
    desk,
    warn,
    alone: peers.alone,
    heard: {
      wake() {
        realtime.queuesMoved();
        router.wake();
      },
      roster: () => void readRoster().catch((error) => warn("roster not read", error)),
      lists: realtime.touch,
      signedOut: realtime.signedOut,
      revive: realtime.revive,
    },
  });

  /** Redis forgot who is there; each node tells it of its own. */
  function revive(): void {
    realtime.revive();
    notices.revive();
  }

  /** After a commit of this node: first the people who look at it, then the floor and the router. */
  function committed(change: CommittedChange): void {
    notices.lists(realtime.committed(change));
    const { before, after } = change;
    if (before?.fence === after.fence) return;
    const step = directory.queues.get(after.queue)?.stepSeconds ?? 0;
    desk
      .place(workspace, after.id, after.seq, placeOf(after, step))
      .then(() => {
        realtime.queuesMoved();
        router.wake();
        notices.wake();
      })
      .catch((error) => warn("placing failed", error));
  }

  /** Whoever follows the conversation or has it in a list learns from SQL what there is. */
  function uncertain(conversation: ConversationId): void {
    realtime.uncertain(conversation);
  }

  async function rosterChanged(): Promise<void> {
    await readRoster();
    notices.roster();
  }

  async function readRoster(): Promise<void> {
    await Promise.all([
      directory.refreshAgents(),
      directory.refreshLive().catch((error) => warn("liveness not read", error)),
    ]);
    router.wake();
  }

  const reconciler = createReconciler({
    workspace,
    node,
    ledger,
    desk,
    directory,
    rebuild: (fromNothing = false) => rebuild({ onlyIfLost: false, fromNothing }),
    repaired(repairs) {
      log.warn({ repairs }, "the floor was not what SQL says and was put right");
      // Whoever left the floor like this may have told nobody of the chats either.
      realtime.listsMayLack();
      realtime.queuesMoved();
      router.wake();
      notices.wake();
    },
    warn,
    ...(world.pace?.reconciler && { pace: world.pace.reconciler }),
  });
  const absentees = createAbsentees({
    workspace,
    node,
    ledger,
    desk,
    directory,
    dispatch,
    clock,
    ids,
    elapsed: world.elapsed ?? (() => performance.now()),
    leftQueue: (chats) => log.info({ chats }, "chats of absent visitors taken out of their queues"),
    requeued: (agent, chats) => log.info({ agent, chats }, "chats of an absent agent requeued"),
    warn,
    ...(world.pace?.absentees && { pace: world.pace.absentees }),
  });
  const stopReturn = desk.onReturn(({ mayLack, lostFor }) => {
    // Beats may have been lost, and the other nodes' word that they are asked for.
    revive();
    // After mere silence everything is there; what was on its way meanwhile the reconciler finds.
    (mayLack ? rebuild({ onlyIfLost: false, unlessWithin: lostFor }) : Promise.resolve())
      .then(() => {
        realtime.queuesMoved();
        router.wake();
        reconciler.now();
      })
      .catch((error) => warn("rebuilding failed", error));
  });
  await rebuild({ onlyIfLost: true });
  reconciler.now();
  const directoryTimer = setInterval(() => {
    directory.refresh().catch((error) => warn("directory not read", error));
  }, world.pace?.directory ?? directoryInterval);

  const handler = await createHttpApp({
    config,
    root: world.root,
    workspace,
    ledger,
    desk,
    directory,
    sessions,
    tickets,
    shopSite,
    draining: () => draining,
    signedOut(session) {
      realtime.signedOut(session);
      notices.signedOut(session);
    },
    visitorRoutes: realtime.routes,
    failed: requestFailed,
  });
  http.on("request", handler);

  let servers: HttpServer[] = [];
  return {
    async listen() {
      servers = await listen(http, config.hosts, config.port);
      router.wake();
      return (http.address() as AddressInfo).port;
    },
    reconciled: reconciler.counts,
    async settle() {
      await dispatch.settle();
      await router.settle();
      await realtime.settle();
    },
    async close() {
      draining = true;
      realtime.drain();
      for (const server of servers) server.close();
      const finished = Promise.all([dispatch.settle(), realtime.answered()]);
      await Promise.race([finished, sleep(closingLimit, null, { ref: false })]);
      stopReturn();
      stopClock();
      clearInterval(directoryTimer);
      await Promise.all([router.stop(), reconciler.stop(), absentees.stop()]);
      await notices.stop();
      await peers.stop();
      await lease.stop();
      await realtime.close();
      tally.stop();
      for (const server of servers) server.closeAllConnections();
    },
  };
}
