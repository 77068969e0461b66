import type { CommandId, ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { defaultMembershipPriority, defaultRoutingPolicy } from "#shared/model/routing.ts";
import { needsNothing } from "#shared/model/skill.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { placeOf } from "../domain/place.ts";
import { hasRoom, type RoutableAgent } from "../domain/routing/floor.ts";
import { inOrder } from "../domain/routing/inOrder.ts";
import { type Assignment, route } from "../domain/routing/route.ts";
import type { Clock, Desk, Floor, Ids, Ledger } from "../ports.ts";
import { DeskUnavailable, LedgerUnavailable } from "../ports.ts";
import type { Directory } from "./directory.ts";
import type { Dispatch } from "./dispatch.ts";

/** Looks at the whole floor and assigns; one node at a time, by a fenced lease (decision 9). */
export type Router = {
  /** There may be work: runs soon, once, however often it is called. */
  wake(): void;
  settle(): Promise<void>;
  stop(): Promise<void>;
};

type Parts = {
  workspace: WorkspaceId;
  node: string;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  dispatch: Dispatch;
  clock: Clock;
  ids: Ids;
  /** Called when Redis doesn't know this workspace (emptied, restarted): rebuild it from SQL. */
  rebuild(): Promise<void>;
  warn(message: string, error: unknown): void;
};

const leaseLength = seconds(10);
const leaseMargin = seconds(4);
/** Announcements may be lost, so the router looks by itself this often. */
const pulse = seconds(1);
/** Chats looked at first: with fewer than this waiting, that is everybody. */
const depth = 500;
/** Everybody is looked at when nobody at the head can be helped and somebody is free, this often at most. */
const wholeLookEvery = seconds(1);
const everybody = 1_000_000;
/** A reservation outlives the slowest commit and ends by itself when its node dies. */
const reservation: Millis = seconds(30);

export function createRouter(parts: Parts): Router {
  const { workspace, node, ledger, desk, directory, dispatch, clock, ids, rebuild, warn } = parts;
  let leasedUntil = 0;
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  let wholeLookAt = 0;
  /** From the first wake on: until the server listens, not all of it is there. */
  let timer: NodeJS.Timeout | undefined;

  async function holdsLease(): Promise<boolean> {
    if (leasedUntil - clock.now() > leaseMargin) return true;
    const asked = clock.now();
    const lease = await ledger.takeLease(`router:${workspace}`, node, leaseLength);
    leasedUntil = lease ? asked + leaseLength : 0;
    return lease !== null;
  }

  async function pass(): Promise<void> {
    if (!(await holdsLease())) return;
    const floor = await desk.floor(workspace, depth);
    if (floor.state === "rebuilding") return rebuild();
    directory.setLive(floor.live);
    await wakeUnattended();
    const atHead = plansFor(floor);
    const plans = atHead.length > 0 ? atHead : await plansBelow(floor);
    const assigned = await Promise.all(plans.map(carryOut));
    if (assigned.includes(true) && floor.waiting.length === depth) again = true;
  }

  /** No queue asks before it assigns as long as none has settings for that. */
  function plansFor(floor: Floor): Assignment[] {
    const waiting = inOrder(floor.waiting).map((chat) => ({
      ...chat,
      enteredAt: chat.queuedAt,
      requires: needsNothing,
      preferred: null,
      passedBy: [],
      ringing: [],
    }));
    const policies = new Map(
      [...directory.queues].map(([id, { version, stepSeconds }]) => [
        id,
        { ...defaultRoutingPolicy, version, stepSeconds },
      ]),
    );
    const plans = route({ waiting, agents: routable(floor), policies }, clock.now());
    return plans.filter((plan) => plan.kind === "assign");
  }

  /** A crowd that waits for busy people must not hide, further down, who waits for free ones. */
  async function plansBelow(floor: Floor): Promise<Assignment[]> {
    if (floor.waiting.length < depth || clock.now() - wholeLookAt < wholeLookEvery) return [];
    if (!routable(floor).some(hasRoom)) return [];
    wholeLookAt = clock.now();
    return plansFor(await desk.floor(workspace, everybody));
  }

  function routable(floor: Floor): RoutableAgent[] {
    return [...directory.agents.values()]
      .filter((agent) => !agent.disabled)
      .map(({ id, queues, status, capacity, lastAssignedAt }) => ({
        id,
        memberships: queues.map((queue) => ({
          queue,
          delaySeconds: 0,
          priority: defaultMembershipPriority,
        })),
        skills: {},
        presence: status,
        live: floor.live.has(id),
        capacity,
        used: floor.used.get(id) ?? 0,
        usedByQueue: new Map(),
        lastAssignedAt: Math.max(lastAssignedAt, lastAssigned.get(id) ?? 0),
        lastFreedAt: 0,
        assignedAt: [],
      }));
  }

  /** This router's own assignments, newer than what the directory last read. */
  const lastAssigned = new Map<string, number>();

  /** Reserve in Redis, then let the commit make it true; whoever was faster wins, nobody is lost. */
  async function carryOut(plan: Assignment): Promise<boolean> {
    const { conversation, seq, agent, units, because } = plan;
    const capacity = directory.agents.get(agent)?.capacity ?? 0;
    const reserved = await desk.reserve(
      workspace,
      { conversation, seq, agent, units, capacity },
      reservation,
    );
    if (reserved !== "reserved") return false;
    const current = await dispatch.read(conversation);
    const answer = await dispatch.send(
      {
        kind: "assign",
        id: ids.next() as CommandId,
        conversation,
        fence: current?.fence ?? -1,
        agent,
        because,
      },
      { by: { kind: "system", id: "router" } },
    );
    if (answer.ok) {
      lastAssigned.set(agent, answer.at);
      return true;
    }
    await desk.release(workspace, conversation, agent);
    await placeAgain(conversation);
    return false;
  }

  /** The Desk showed a chat waiting that isn't, or not like this: put it where SQL says it is. */
  async function placeAgain(id: ConversationId): Promise<void> {
    const truth = await ledger.conversation(workspace, id);
    if (!truth) return;
    const step = directory.queues.get(truth.queue)?.stepSeconds ?? 0;
    await desk.place(workspace, id, truth.seq, placeOf(truth, step));
  }

  /** Chats that waited for somebody to come enter their queue as soon as it is staffed. */
  async function wakeUnattended(): Promise<void> {
    const staffed = [...directory.queues.keys()].filter(directory.staffed);
    if (staffed.length === 0) return;
    const parked = await ledger.unattended(workspace, staffed, depth);
    const woken = await Promise.all(
      parked.map(({ id, fence }) =>
        dispatch.send(
          { kind: "wake", id: ids.next() as CommandId, conversation: id, fence },
          { by: { kind: "system", id: "router" } },
        ),
      ),
    );
    // What could not be woken now is not tried again in the same breath: the pulse will.
    if (woken.some(({ ok }) => ok)) again = true;
  }

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        await pass();
      } catch (error) {
        if (error instanceof DeskUnavailable) await handOver();
        else if (!(error instanceof LedgerUnavailable)) warn("routing pass failed", error);
      }
    } while (again && !stopped);
  }

  /** Only this node may be cut off from Redis: who still reaches it should route (SPEC RC17). */
  async function handOver(): Promise<void> {
    if (leasedUntil === 0) return;
    leasedUntil = 0;
    await ledger.releaseLease(`router:${workspace}`, node).catch(() => undefined);
  }

  function wake(): void {
    if (stopped) return;
    timer ??= setInterval(wake, pulse);
    if (running !== null) {
      again = true;
      return;
    }
    running = run().finally(() => {
      running = null;
    });
  }

  return {
    wake,
    async settle() {
      while (running !== null) await running;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
      await handOver();
    },
  };
}
