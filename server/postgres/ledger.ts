import { setTimeout } from "node:timers/promises";
import type { Ledger } from "../ports.ts";
import type { Driver } from "./driver.ts";
import { groupCommit } from "./groupCommit.ts";
import { advanceCursor } from "./sql/advanceCursor.ts";
import { agents } from "./sql/agents.ts";
import { beatNode } from "./sql/beatNode.ts";
import { cannedReplies } from "./sql/cannedReplies.ts";
import { closed } from "./sql/closed.ts";
import { commitBatch } from "./sql/commitBatch.ts";
import { conversation } from "./sql/conversation.ts";
import { createSession } from "./sql/createSession.ts";
import { credentials } from "./sql/credentials.ts";
import { declareStatus } from "./sql/declareStatus.ts";
import { endSession } from "./sql/endSession.ts";
import { ensureVisitor } from "./sql/ensureVisitor.ts";
import { events } from "./sql/events.ts";
import { findCommand } from "./sql/findCommand.ts";
import { finishDue } from "./sql/finishDue.ts";
import { heads } from "./sql/heads.ts";
import { isEmpty } from "./sql/isEmpty.ts";
import { latestConversation } from "./sql/latestConversation.ts";
import { liveSessions } from "./sql/liveSessions.ts";
import { logEpoch } from "./sql/logEpoch.ts";
import { mine } from "./sql/mine.ts";
import { nodes } from "./sql/nodes.ts";
import { now } from "./sql/now.ts";
import { openConversations } from "./sql/openConversations.ts";
import { openLog } from "./sql/openLog.ts";
import { outcomes } from "./sql/outcomes.ts";
import { parked } from "./sql/parked.ts";
import { queues } from "./sql/queues.ts";
import { releaseLease } from "./sql/releaseLease.ts";
import { seed } from "./sql/seed.ts";
import { session } from "./sql/session.ts";
import { sites } from "./sql/sites.ts";
import { takeDue } from "./sql/takeDue.ts";
import { takeLease } from "./sql/takeLease.ts";
import { unattended } from "./sql/unattended.ts";
import { visitorByToken } from "./sql/visitorByToken.ts";
import { waiting } from "./sql/waiting.ts";

/** The Ledger on a migrated SQL database; closing it closes the driver. */
export function postgresLedger(driver: Driver): Ledger {
  const on =
    <A extends unknown[], R>(verb: (driver: Driver, ...args: A) => R) =>
    (...args: A): R =>
      verb(driver, ...args);

  return {
    logEpoch: on(logEpoch),
    openLog: on(openLog),
    now: on(now),
    commit: groupCommit({
      send: on(commitBatch),
      outcomes: (changes) => outcomes(driver, changes, setTimeout),
      concurrency: driver.concurrency,
    }),
    findCommand: on(findCommand),
    conversation: on(conversation),
    events: on(events),
    openConversations: on(openConversations),
    unattended: on(unattended),
    heads: on(heads),
    advanceCursor: on(advanceCursor),
    mine: on(mine),
    waiting: on(waiting),
    parked: on(parked),
    closed: on(closed),
    agents: on(agents),
    queues: on(queues),
    sites: on(sites),
    cannedReplies: on(cannedReplies),
    declareStatus: on(declareStatus),
    visitorByToken: on(visitorByToken),
    ensureVisitor: on(ensureVisitor),
    latestConversation: on(latestConversation),
    credentials: on(credentials),
    createSession: on(createSession),
    session: on(session),
    endSession: on(endSession),
    liveSessions: on(liveSessions),
    takeLease: on(takeLease),
    releaseLease: on(releaseLease),
    beatNode: on(beatNode),
    nodes: on(nodes),
    takeDue: on(takeDue),
    finishDue: on(finishDue),
    isEmpty: on(isEmpty),
    seed: on(seed),
    close: () => driver.close(),
  };
}
