// `npm run chaos -- <name>`: breaks servers and stores at full size and tells what came of it.
import { main } from "./main.js";
import { prepare } from "./prepare.js";
import { provide } from "./provide.js";
import { serve, whenEnding } from "./serve.js";
import { foundTools } from "./tools.js";

await main(async () => {
  const quiet = process.argv.includes("--json");
  const say = quiet ? () => {} : console.log;
  await prepare(say);
  await provide(say);
  Object.assign(process.env, foundTools());
  const campaign = serve(["test/chaos/main.ts", ...process.argv.slice(2)]);
  whenEnding((signal) => campaign.child.kill(signal));
  process.exitCode = await campaign.ended;
});
