// `npm run dev`: rebuilds for the browser and restarts the server whenever a source changes.
import { spawn } from "node:child_process";
import { forget, modes } from "./bundle.js";
import { install } from "./install.js";
import { main } from "./main.js";
import { at, node, root } from "./paths.js";

await main(async () => {
  await install(console.log);
  forget();
  const vite = [at("node_modules/vite/bin/vite.js"), "build", "--watch", "--sourcemap"];
  const commands = [
    ...modes.map((mode) => [...vite, "--mode", mode, "--logLevel", "warn"]),
    ["--watch", "--watch-preserve-output", "server/main.ts"],
  ];
  const children = commands.map((args) => spawn(node(), args, { cwd: root, stdio: "inherit" }));
  const stop = () => {
    for (const child of children) child.kill();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  await Promise.race(
    children.map((child) => new Promise((resolve) => child.once("exit", resolve))),
  );
  stop();
});
