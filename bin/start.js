// `npm start`: prepares the checkout, then runs the server until one of the two ends.
// In package.json it replaces npm's shell (exec), which would keep signals to itself; what follows
// "||" is for shells that know no exec.
import { main } from "./main.js";
import { whenOrphaned } from "./orphaned.js";
import { prepare } from "./prepare.js";
import { serve, whenEnding } from "./serve.js";

await main(async () => {
  await prepare();
  const server = serve(["server/main.ts"]);
  whenEnding((signal) => server.child.kill(signal));
  whenOrphaned(() => server.child.kill("SIGTERM"));
  process.exitCode = await server.ended;
});
