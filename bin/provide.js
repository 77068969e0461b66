// Brings the programs the tests need: installs them where that is ours to do, else says what to do.
import { existsSync } from "node:fs";
import { run } from "./run.js";
import { missingTools } from "./tools.js";

/**
 * @param {(line: string) => void} say
 * @param {string[]} [needed] the variables of those that are needed, all without it
 */
export async function provide(say, needed) {
  const lacking = () => missingTools().filter(({ variable }) => needed?.includes(variable) ?? true);
  const missing = lacking();
  if (missing.length === 0) return;
  const unnamed = missing.filter(({ variable }) => !process.env[variable]);
  if (existsSync("/etc/debian_version") && process.getuid?.() === 0 && unnamed.length > 0) {
    const packages = unnamed.map(({ debian }) => debian);
    say(`Installing ${packages.join(", ")} with apt-get …`);
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const install = ["install", "--yes", "--no-install-recommends", ...packages];
    await run("apt-get", ["update"], { env });
    const { code, output } = await run("apt-get", install, { env });
    if (code !== 0) throw new Error(`apt-get failed (${code})\n${output}`);
  }
  const still = lacking();
  if (still.length === 0) return;
  const lines = still.map(({ variable, means, debian }) => {
    const named = process.env[variable];
    const why = named ? `${named} does not exist` : `Debian package ${debian}`;
    return `  ${variable} = ${means} (${why})`;
  });
  throw new Error(
    ["These are needed; install them or name them by variables:", ...lines].join("\n"),
  );
}
