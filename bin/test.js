// `npm test`: everything that must hold before a change is accepted, on the pinned Node.
import { bundle } from "./bundle.js";
import { install } from "./install.js";
import { main } from "./main.js";
import { at, node } from "./paths.js";
import { provide } from "./provide.js";
import { run } from "./run.js";

const biome = at("node_modules/.bin/biome");

await main(async () => {
  await install(console.log);
  await provide(console.log);
  await step("format and lint", [biome, "check", "--error-on-warnings"]);
  await step("types", [at("node_modules/typescript/bin/tsc"), "-b"]);
  await bundle(console.log);
  await step("size", [at("bin/size.js"), "--check"], { show: true });
  await step("tests", [at("node_modules/vitest/vitest.mjs"), "run"], { show: true });
});

/**
 * @param {string} name
 * @param {string[]} args
 * @param {{ show?: boolean }} [options]
 */
async function step(name, args, { show = false } = {}) {
  const started = Date.now();
  const { code, output } = await run(node(), args, { show });
  if (code !== 0) throw new Error(`${output}\n✗ ${name}`);
  console.log(`✓ ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
