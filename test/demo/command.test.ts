import { expect, it } from "vitest";
import { node } from "../../bin/paths.js";
import { run } from "../../bin/run.js";

const demo = (args: string[], env: Record<string, string> = {}) =>
  run(node(), ["bin/demo.js", ...args], { env });

it("[DM8] refuses to run in production", async () => {
  const { code, output } = await demo([], { NODE_ENV: "production" });
  expect(code).toBe(1);
  expect(output).toContain("never in production");
});

it.each([
  [["--agents", "4"]],
  [["--agents", "some"]],
  [["--per-minute", "-1"]],
  [["--speed", "0"]],
  [["--loud"]],
  [["more"]],
])("[DM8] says how it is called when called with %j", async (args) => {
  const { code, output } = await demo(args, { NODE_ENV: "development" });
  expect(code).toBe(1);
  expect(output).toContain("npm run demo -- [options]");
  expect(output).not.toContain("    at ");
});
