import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { at } from "../../bin/paths.js";
import type { Report } from "./figures.ts";
import { idle } from "./idle.ts";
import { relay } from "./relay.ts";

/** `npm run bench -- relay | idle [--json] [--full]`: measures, prints, keeps what it found. */

const benchmarks = { relay, idle };

process.on("SIGINT", () => process.exit(130));
process.on("SIGTERM", () => process.exit(143));

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    full: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const began = Date.now();
const name = positionals[0] as keyof typeof benchmarks;
const report = await benchmarks[name]({ full: values.full, say: (line) => console.error(line) });
const kept = { ...report, context: { ...machine(), ...report.context } };
await keep(kept);
if (values.json) console.log(JSON.stringify(kept));
else print(kept);

function machine() {
  return {
    at: new Date(began).toISOString(),
    tookSeconds: Math.round((Date.now() - began) / 1_000),
    full: values.full,
    node: process.version,
    postgres: version(join(process.env.POSTGRES_BIN ?? "", "postgres")),
    redis: version(process.env.REDIS_SERVER ?? ""),
    kernel: release(),
    processors: `${cpus().length} × ${cpus()[0]?.model}`,
    memoryGB: Math.round(totalmem() / 1e9),
    commits: "synced to the disk (fsync on), except on embedded stores",
  };
}

function version(program: string): string {
  const said = execFileSync(program, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? said.trim();
}

async function keep(what: Report): Promise<void> {
  const folder = at("test/bench/results");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${what.name}.json`), `${JSON.stringify(what, null, 2)}\n`);
}

function print({ figures }: Report): void {
  for (const { name, value, unit, goal, met } of figures) {
    console.log(
      `${name.padEnd(50)}${String(value).padStart(7)} ${unit.padEnd(2)} ${goal.padEnd(7)} ${met ? "✓" : "✗"}`,
    );
  }
}
