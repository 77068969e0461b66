// `npm start`: prepares the checkout, then runs the server until one of the two ends.
import { spawn } from "node:child_process";
import { main } from "./main.js";
import { node, root } from "./paths.js";
import { prepare } from "./prepare.js";
import { status } from "./run.js";

await main(async () => {
  await prepare();
  // The channel tells the server that this process is gone, however it went (kill -9 too).
  const server = spawn(node(), ["server/main.ts", ...process.argv.slice(2)], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => server.kill(signal));
  }
  process.exitCode = await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("exit", (code, signal) => resolve(status(code, signal)));
  });
});
