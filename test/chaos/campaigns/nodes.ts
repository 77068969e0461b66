import { setTimeout as sleep } from "node:timers/promises";
import { type AgentBot, agentBot } from "#server/demo/agentBot.ts";
import { type Random, seeded, split } from "#server/demo/random.ts";
import { type Cluster, startCluster } from "../../cluster/cluster.ts";
import { startPostgres } from "../../support/postgres.ts";
import { startRedis } from "../../support/redis.ts";
import { type Burst, startBurst } from "../burst.ts";
import { type Outcome, roomForAll, secondsSince, withCleanup } from "./campaign.ts";
import { judged } from "./judged.ts";

export type NodesOptions = {
  nodes: number;
  seconds: number;
  everySeconds: number;
  bots: number;
  /** SIGKILL ends a node, SIGTERM drains it, SIGSTOP holds it still for `stallSeconds`. */
  fault: "SIGKILL" | "SIGTERM" | "SIGSTOP";
  stallSeconds?: number;
  seed: number;
};

/** Nodes behind one address fail in turn under load (faults F1, F2, F3). */
export function nodes(options: NodesOptions): Promise<Outcome> {
  const { seconds, everySeconds, bots, fault, stallSeconds = 10, seed } = options;
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
    const burst = await startBurst({ url: cluster.url, bots, messages, everyMs, random });
    later(() => burst.close());
    const seats = await seated(cluster, ["anna@demo.test", "ben@demo.test"], random, burst.watch);
    later(() => Promise.all(seats.map((bot) => bot.leave())));
    const began = performance.now();
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
        node?.child.kill("SIGSTOP");
        await sleep(stallSeconds * 1_000);
        node?.child.kill("SIGCONT");
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
    const violations = await judged(burst, databaseUrl);
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
      seconds: took,
    };
    return { figures, violations };
  });
}

/** Agents who sign in and answer what comes to them, on whichever node the balancer gives them. */
async function seated(
  cluster: Cluster,
  emails: readonly string[],
  random: Random,
  watch: Burst["watch"],
): Promise<AgentBot[]> {
  const seats: AgentBot[] = [];
  for (const email of emails) {
    const password = cluster.signIns.find((one) => one.email === email)?.password;
    const response = await fetch(`${cluster.url}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: cluster.publicUrl },
      body: JSON.stringify({ email, password }),
    });
    const cookie = response.headers.get("set-cookie")?.split(";")[0];
    if (!cookie) throw new Error(`${email} could not sign in: ${response.status}`);
    const { url, publicUrl: origin } = cluster;
    const habits = { keepsThreads: true };
    seats.push(agentBot({ url, origin, cookie, random: split(random), speed: 10, habits, watch }));
  }
  return seats;
}
