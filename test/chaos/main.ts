import { parseArgs } from "node:util";
import { type JourneyName, journeys } from "../e2e/journeys/all.ts";
import type { Outcome } from "./campaigns/campaign.ts";
import { commitCut } from "./campaigns/commitCut.ts";
import { cuts } from "./campaigns/cuts.ts";
import { flush } from "./campaigns/flush.ts";
import { kill } from "./campaigns/kill.ts";
import { nodes } from "./campaigns/nodes.ts";
import { postgresKill } from "./campaigns/postgres.ts";
import { redisAway } from "./campaigns/redisAway.ts";
import { rolling } from "./campaigns/rolling.ts";

/** `npm run chaos -- <name>`: a campaign at full size, its figures, and a status of 1 when anything broke. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean", default: false }, seed: { type: "string", default: "1" } },
});
const [name = "", ...only] = positionals;
const seed = Number(values.seed);
const progress = (line: string) => void process.stderr.write(`${line}\n`);

const campaigns: Record<string, () => Promise<Outcome>> = {
  "kill-native": () => kill({ stores: "native", kills: 20, bots: 40, messages: 50, seed }),
  "kill-embedded": () => kill({ stores: "embedded", kills: 20, bots: 40, messages: 50, seed }),
  flushall: () => flush({ waiting: 1_000, agents: 20, how: "flushall", seed }),
  "redis-restart": () => flush({ waiting: 1_000, agents: 20, how: "restart", seed }),
  "commit-cut": () => commitCut({ commits: 500, seed }),
  "postgres-kill": () => postgresKill({ kills: 5, bots: 40, messages: 50, seed }),
  "redis-away": () => redisAway({ awaySeconds: 60, bots: 40, seed }),
  "nodes-kill": () =>
    nodes({ nodes: 3, seconds: 180, everySeconds: 10, bots: 40, fault: "SIGKILL", seed }),
  "nodes-drain": () =>
    nodes({ nodes: 3, seconds: 60, everySeconds: 5, bots: 40, fault: "SIGTERM", seed }),
  "nodes-stall": () =>
    nodes({
      ...{ nodes: 3, seconds: 120, everySeconds: 8, bots: 40, seed },
      ...{ fault: "SIGSTOP", stallSeconds: [5, 20] },
    }),
  rolling: () => rolling({ nodes: 3, rounds: 3 }),
  cuts: () => cuts({ journeys: chosenJourneys(), frames: "each", atOnce: 2, seed, progress }),
};

/** Those named behind the campaign, or all. */
function chosenJourneys(): JourneyName[] {
  const known = Object.keys(journeys) as JourneyName[];
  const unknown = only.filter((one) => !known.some((journey) => journey === one));
  if (unknown.length > 0) usage(`no journey ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return only.length > 0 ? known.filter((journey) => only.includes(journey)) : known;
}

function usage(why: string): never {
  const names = ["all", ...Object.keys(campaigns)].join("\n  ");
  process.stderr.write(
    `${why}\nnpm run chaos -- <name> [journey …] [--seed 1] [--json]\n  ${names}\n`,
  );
  process.exit(2);
}

function tell(campaign: string, { figures, violations }: Outcome): void {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ name: campaign, seed, figures, violations })}\n`);
    return;
  }
  const lines = Object.entries(figures).map(([what, figure]) => `  ${what.padEnd(26)} ${figure}`);
  const verdict =
    violations.length === 0 ? "nothing lost, nothing doubled" : `${violations.length} violations`;
  const shown = [campaign, ...lines, `  ${verdict}`, ...violations.map((one) => `  ! ${one}`)];
  process.stdout.write(`${shown.join("\n")}\n`);
}

const wanted = name === "all" ? Object.keys(campaigns) : [name];
let broken = 0;
for (const one of wanted) {
  const campaign = campaigns[one];
  if (!campaign) usage(`there is no campaign "${one}"`);
  const outcome = await campaign();
  tell(one, outcome);
  broken += outcome.violations.length;
}
process.exit(broken === 0 ? 0 : 1);
