import { parseArgs } from "node:util";
import type { Outcome } from "./campaigns/campaign.ts";
import { commitCut } from "./campaigns/commitCut.ts";
import { flush } from "./campaigns/flush.ts";
import { kill } from "./campaigns/kill.ts";
import { nodes } from "./campaigns/nodes.ts";
import { postgresKill } from "./campaigns/postgres.ts";
import { redisAway } from "./campaigns/redisAway.ts";

/** `npm run chaos -- <name>`: a campaign at full size, its figures, and a status of 1 when anything broke. */
const campaigns: Record<string, (seed: number) => Promise<Outcome>> = {
  "kill-native": (seed) => kill({ stores: "native", kills: 20, bots: 40, messages: 50, seed }),
  "kill-embedded": (seed) => kill({ stores: "embedded", kills: 20, bots: 40, messages: 50, seed }),
  flushall: (seed) => flush({ waiting: 1_000, agents: 20, how: "flushall", seed }),
  "redis-restart": (seed) => flush({ waiting: 1_000, agents: 20, how: "restart", seed }),
  "commit-cut": (seed) => commitCut({ commits: 500, seed }),
  "postgres-kill": (seed) => postgresKill({ kills: 5, bots: 40, messages: 50, seed }),
  "redis-away": (seed) => redisAway({ awaySeconds: 60, bots: 40, seed }),
  "nodes-kill": (seed) =>
    nodes({ nodes: 3, seconds: 180, everySeconds: 10, bots: 40, fault: "SIGKILL", seed }),
  "nodes-drain": (seed) =>
    nodes({ nodes: 3, seconds: 60, everySeconds: 5, bots: 40, fault: "SIGTERM", seed }),
  "nodes-stall": (seed) =>
    nodes({ nodes: 3, seconds: 90, everySeconds: 5, bots: 40, fault: "SIGSTOP", seed }),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
});
const [name = ""] = positionals;
const campaign = campaigns[name];
if (!campaign) {
  const names = Object.keys(campaigns).join("\n  ");
  process.stderr.write(`npm run chaos -- <name> [--seed 1] [--json]\n  ${names}\n`);
  process.exit(2);
}
const seed = Number(values.seed);
const { figures, violations } = await campaign(seed);
if (values.json) {
  process.stdout.write(`${JSON.stringify({ name, seed, figures, violations })}\n`);
} else {
  const lines = Object.entries(figures).map(([what, figure]) => `  ${what.padEnd(26)} ${figure}`);
  const verdict =
    violations.length === 0 ? "nothing lost, nothing doubled" : `${violations.length} violations`;
  const shown = [name, ...lines, `  ${verdict}`, ...violations.map((one) => `  ! ${one}`)];
  process.stdout.write(`${shown.join("\n")}\n`);
}
process.exit(violations.length === 0 ? 0 : 1);
