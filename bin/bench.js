// `npm run bench -- relay`, `npm run bench -- idle`: what Parley costs, against bare Socket.IO.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { main } from "./main.js";
import { at, node } from "./paths.js";
import { prepare } from "./prepare.js";
import { provide } from "./provide.js";
import { run } from "./run.js";
import { foundTools } from "./tools.js";

const usage = `npm run bench -- relay | idle [--json] [--full]
  relay    a durable message against one over a bare relay: processor time, throughput, latency
  idle     memory of visitors who do nothing; five thousand of them coming back at once
  --json   prints one JSON object and nothing else on standard output
  --full   more and longer rounds`;

await main(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help")) return console.log(usage);
  const { positionals } = parsed(args);
  if (positionals.length !== 1 || !["relay", "idle"].includes(positionals[0] ?? "")) {
    throw new Error(usage);
  }
  if (!existsSync("/proc/self/stat")) {
    throw new Error("The benchmarks read processor times from /proc: they run on Linux only.");
  }
  await prepare(console.error);
  await provide(console.error, ["REDIS_SERVER", "POSTGRES_BIN"]);
  const { code } = await run(node(), [at("test/bench/main.ts"), ...args], {
    show: true,
    env: foundTools(),
  });
  process.exitCode = code;
});

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      options: { json: { type: "boolean" }, full: { type: "boolean" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
