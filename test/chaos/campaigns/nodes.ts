import { setTimeout as sleep } from "node:timers/promises";
import { type AgentBot, agentBot } from "#server/demo/agentBot.ts";
import { type Random, seeded, split } from "#server/demo/random.ts";
import { type Cluster, startCluster } from "../../cluster/cluster.ts";
import { type Recorder, recorder } from "../../support/history/record.ts";
import { startPostgres } from "../../support/postgres.ts";
import { startRedis } from "../../support/redis.ts";
import { startBurst } from "../burst.ts";
import { seatBystanders, type Talk } from "../bystanders.ts";
import { type Outcome, roomForAll, secondsSince, withCleanup } from "./campaign.ts";
import { judged } from "./judged.ts";

export type NodesOptions = {
  nodes: number;
  seconds: number;
  everySeconds: number;
  bots: number;
  /** SIGKILL ends a node, SIGTERM drains it, SIGSTOP holds it still for each of `stallSeconds` in turn. */
  fault: "SIGKILL" | "SIGTERM" | "SIGSTOP";
  stallSeconds?: readonly number[];
  seed: number;
};

/**
 * Nodes behind one address fail in turn under load (faults F1, F2, F3). While one stands still, which
 * to everybody else is the same as an event loop that is blocked (SPEC RC22), those on the others talk on.
 */
export function nodes(options: NodesOptions): Promise<Outcome> {
  const { seconds, everySeconds, bots, fault, stallSeconds = [10], seed } = options;
  return withCleanup(async (later) => {
    const random = seeded(seed);
    const postgres = await startPostgres();
    later(() => postgres.stop());
    const redis = await startRedis();
    later(() => redis.stop());
    const databaseUrl = await postgres.database();
    const cluster = await startCluster({
      nodes: options.nodes,
      databaseUrl,
      redisUrl: redis.url,
      env: roomForAll,
    });
    later(() => cluster.close());
    const everyMs = 300;
    const messages = Math.ceil((seconds * 1_000) / everyMs);
    const { history, watch } = recorder();
    const bystanders = fault === "SIGSTOP" ? await besides(cluster, random, watch) : null;
    later(() => bystanders?.close());
    const recorded = { history, watch };
    const burst = await startBurst({
      ...{ url: cluster.url, bots, messages, everyMs, random, recorded },
    });
    later(() => burst.close());
    // Bystanders need an agent who answers nobody else.
    const emails = fault === "SIGSTOP" ? ["ben@demo.test"] : ["anna@demo.test", "ben@demo.test"];
    const seats: AgentBot[] = [];
    later(() => Promise.all(seats.map((bot) => bot.leave())));
    const sits = async (email: string) => {
      const cookie = await cookieOf(cluster, email);
      const { url, publicUrl: origin } = cluster;
      const habits = { keepsThreads: true };
      const own = split(random);
      seats.push(agentBot({ url, origin, cookie, random: own, speed: 10, habits, watch }));
    };
    for (const email of emails) await sits(email);
    const began = performance.now();
    const past: Talk = { acked: [], heard: [], missed: [] };
    let faults = 0;
    let leastBetween = Number.POSITIVE_INFINITY;
    while (secondsSince(began) + everySeconds < seconds) {
      const before = burst.acked();
      await sleep(everySeconds * 1_000);
      leastBetween = Math.min(leastBetween, burst.acked() - before);
      const index = faults % options.nodes;
      const node = cluster.nodes[index];
      faults += 1;
      if (fault === "SIGSTOP") {
        const stall = stallSeconds[(faults - 1) % stallSeconds.length] ?? 0;
        node?.child.kill("SIGSTOP");
        const talk = await bystanders?.talkPast(index, stall * 1_000);
        node?.child.kill("SIGCONT");
        past.acked.push(...(talk?.acked ?? []));
        past.heard.push(...(talk?.heard ?? []));
        past.missed.push(...(talk?.missed ?? []));
      } else {
        const ended = await node?.end(fault);
        await cluster.restart(index);
        if (fault === "SIGTERM" && ended?.code !== 0)
          throw new Error(`drained with ${ended?.code}`);
      }
    }
    await burst.drained(90_000);
    const took = secondsSince(began);
    for (const bot of seats) bot.rest();
    const answers = seats.reduce((sum, bot) => sum + bot.written(), 0);
    const violations = [...past.missed, ...(await judged(burst, databaseUrl))];
    if (bystanders && past.heard.length === 0) violations.push("nobody talked past a stall");
    burst.close();
    const figures = {
      nodes: options.nodes,
      fault,
      faults,
      bots,
      agents: seats.length,
      answers,
      acked: burst.acked(),
      recorded: burst.history.records.length,
      repeatedCommands: burst.repeated(),
      leastAckedBetweenFaults: leastBetween,
      ...(bystanders && {
        stallSeconds: stallSeconds.join(" and "),
        saidByBystanders: past.acked.length,
        bystandersAckedP50Ms: quantile(past.acked, 0.5),
        bystandersAckedP99Ms: quantile(past.acked, 0.99),
        bystandersHeardP99Ms: quantile(past.heard, 0.99),
        bystandersHeardMaxMs: quantile(past.heard, 1),
      }),
      seconds: took,
    };
    return { figures, violations };
  });
}

async function besides(cluster: Cluster, random: Random, watch: Recorder["watch"]) {
  return seatBystanders({
    urls: cluster.nodes.map(({ url }) => url),
    origin: cluster.publicUrl,
    cookie: await cookieOf(cluster, "anna@demo.test"),
    random: split(random),
    watch,
  });
}

/** The session of an agent who signs in on whichever node the balancer gives. */
async function cookieOf(cluster: Cluster, email: string): Promise<string> {
  const password = cluster.signIns.find((one) => one.email === email)?.password;
  const response = await fetch(`${cluster.url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: cluster.publicUrl },
    body: JSON.stringify({ email, password }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!cookie) throw new Error(`${email} could not sign in: ${response.status}`);
  return cookie;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
}
