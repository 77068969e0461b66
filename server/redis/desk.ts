import { hours, type Millis, seconds } from "#shared/model/time.ts";
import { type Desk, DeskUnavailable, type Return } from "../ports.ts";
import { fanout } from "./fanout.ts";
import { type Identity, identify, identity } from "./identity.ts";
import { keys } from "./keys.ts";
import { openLink } from "./link.ts";
import { run, scripts } from "./scripts.ts";

export type RedisDeskOptions = {
  /** Redis was lost (told once each time), or somebody hearing a message threw. */
  onError: (error: Error) => void;
  /** How long an answer may take before Redis counts as away. */
  callMs?: Millis;
  /** How often to look whether another Redis answers under the same address. */
  watchMs?: Millis;
  /** For how long writes older than a conversation's leaving are still known to be old. */
  tombstoneMs?: Millis;
};

/** Ten times the slowest answer of a healthy Redis, and still soon enough for a waiting visitor. */
const callMs = seconds(1);
const watchMs = seconds(5);
/** Keys looked at in one step when a workspace is forgotten. */
const scanned = 1_000;
/** Far longer than any write can be on its way. */
const tombstoneMs = hours(24);

/**
 * The Desk in Redis or Valkey. Each verb is one script, so what it promises holds whatever other
 * nodes do at the same time. Rejects with a plain sentence when Redis can't be reached at the start
 * or isn't fit; later it comes and goes, and calls throw DeskUnavailable while it is away.
 */
export async function redisDesk(url: string, options: RedisDeskOptions): Promise<Desk> {
  const limits = { callMs, watchMs, tombstoneMs, ...options };
  const { onError } = limits;
  const returnHearers = new Set<{ hear: (what: Return) => void }>();
  /** What happened since everything was well. */
  let lostAt: number | null = null;
  let connectionLost = false;

  const linkOptions = {
    callMs: limits.callMs,
    onError,
    onLoss() {
      lostAt ??= performance.now();
    },
    onReturn(after: "loss" | "silence") {
      if (after === "loss") connectionLost = true;
      returned().catch((error) => error instanceof DeskUnavailable || onError(error));
    },
  };
  const link = await openLink(url, { ...linkOptions, name: "parley" });
  let known: Identity;
  try {
    known = await identify(link);
  } catch (error) {
    link.close();
    throw error;
  }
  const fanLink = await openLink(url, { ...linkOptions, name: "parley-fan" }).catch((error) => {
    link.close();
    throw error;
  });
  const fans = fanout(fanLink, onError);

  /** Throws when it is away again already, which will be followed by another return. */
  async function returned() {
    if (!link.isUp() || !fanLink.isUp()) return;
    const now = await identity(link);
    const sameRedis = now.run === known.run && now.replication === known.replication;
    known = now;
    const since = lostAt ?? performance.now();
    const mayLack = connectionLost || !sameRedis;
    lostAt = null;
    connectionLost = false;
    fans.tidy().catch(onError);
    for (const { hear } of [...returnHearers]) {
      try {
        hear({ mayLack, lostFor: () => performance.now() - since });
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  const watch = setInterval(() => {
    // While it is away there is nobody to ask, and its return is told anyway.
    if (link.isUp()) look().catch((error) => error instanceof DeskUnavailable || onError(error));
  }, limits.watchMs);
  watch.unref();

  async function look() {
    const now = await identity(link);
    if (now.run !== known.run || now.replication !== known.replication) await returned();
  }

  return {
    place: (workspace, conversation, seq, place) =>
      link.call((client) =>
        run(client, scripts.place, workspace, {
          conversation,
          seq,
          place,
          tombstoneMs: limits.tombstoneMs,
        }),
      ),
    floor: (workspace, limit) =>
      link.call((client) => run(client, scripts.floor, workspace, { limit })),
    inventory: (workspace) => link.call((client) => run(client, scripts.inventory, workspace, {})),
    positions: async (workspace, conversations) => {
      if (conversations.length === 0) return [];
      return link.call((client) => run(client, scripts.positions, workspace, { conversations }));
    },
    reserve: (workspace, plan, length) =>
      link.call((client) => run(client, scripts.reserve, workspace, { ...plan, length })),
    release: (workspace, conversation, agent) =>
      link.call((client) => run(client, scripts.release, workspace, { conversation, agent })),

    beat: (workspace, { kind, id, connection }, length) =>
      link.call((client) => run(client, scripts.beat[kind], workspace, { id, connection, length })),
    gone: (workspace, { kind, id, connection }) =>
      link.call((client) => run(client, scripts.gone[kind], workspace, { id, connection })),
    absence: (workspace, kind, ids) =>
      link.call((client) => run(client, scripts.absence[kind], workspace, { ids })),

    epoch: async (workspace) => {
      const [epoch, state] = await link.call((client) =>
        client.hmGet(keys.epoch(workspace), ["epoch", "state"]),
      );
      if (!epoch) return null;
      return { epoch, state: state === "ready" ? "ready" : "rebuilding" };
    },
    beginRebuild: async (workspace, epoch) => {
      if (!/^\S+$/.test(epoch)) throw new Error(`an epoch is one word, not "${epoch}"`);
      await link.call((client) =>
        client.hSet(keys.epoch(workspace), { epoch, state: "rebuilding" }),
      );
    },
    finishRebuild: (workspace, epoch) =>
      link.call((client) =>
        run(client, scripts.finishRebuild, workspace, { epoch, tombstoneMs: limits.tombstoneMs }),
      ),

    forget: async (workspace) => {
      const pattern = { MATCH: keys.all(workspace), COUNT: scanned };
      let cursor = "0";
      do {
        // Each by itself, since only one step has to be quick, however much there is.
        const page = await link.call((client) => client.scan(cursor, pattern));
        cursor = page.cursor;
        if (page.keys.length > 0) await link.call((client) => client.unlink(page.keys));
      } while (cursor !== "0");
    },
    markLog: (workspace, mark) =>
      link.call((client) => run(client, scripts.markLog, workspace, mark)),
    logMark: async (workspace) => {
      const [epoch, beats] = await link.call((client) =>
        client.hmGet(keys.logMark(workspace), ["epoch", "beats"]),
      );
      return epoch ? { epoch, beats: Number(beats) } : null;
    },

    publish: async (workspace, channel, message) => {
      await link.call((client) => client.sPublish(keys.channel(workspace, channel), message));
    },
    subscribe: (workspace, channel, hear) => fans.subscribe(keys.channel(workspace, channel), hear),

    onReturn: (hear) => {
      const hearer = { hear };
      returnHearers.add(hearer);
      return () => void returnHearers.delete(hearer);
    },
    ping: async () => {
      await link.call((client) => client.ping());
      await fanLink.call((client) => client.ping());
    },
    close: async () => {
      clearInterval(watch);
      link.close();
      fanLink.close();
    },
  };
}
