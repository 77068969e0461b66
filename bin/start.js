// `npm start`: prepares the checkout, then runs the server until one of the two ends.
// In package.json it replaces npm's shell (exec), which would keep signals to itself; what follows
// "||" is for shells that know no exec.
import { spawn } from "node:child_process";
import { main } from "./main.js";
import { whenOrphaned } from "./orphaned.js";
import { node, root } from "./paths.js";
import { prepare } from "./prepare.js";
import { status } from "./run.js";

await main(async () => {
  await prepare();
  // The channel tells the server that this process is gone, however it went (kill -9 too).
  const server = spawn(node(), ["server/main.ts"], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => server.kill(signal));
  }
  whenOrphaned(() => server.kill("SIGTERM"));
  process.exitCode = await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code, signal) => resolve(status(code, signal)));
  });
});
