// `npm run demo`: `npm start`, and people who keep coming: npm run demo -- --per-minute 6 --agents 1
import { parseArgs } from "node:util";
import { main } from "./main.js";
import { whenOrphaned } from "./orphaned.js";
import { prepare } from "./prepare.js";
import { serve, whenEnding } from "./serve.js";

const usage = `npm run demo -- [options]
  --per-minute 6   visitors arriving in a minute, on average
  --agents 0       how many of the demo's agents are played too, 0 to 3; the rest is for you
  --speed 1        how much faster than people they read, think and type
  --seed 1         the same seed plays the same people`;

await main(async () => {
  if (process.env.NODE_ENV === "production") {
    throw new Error("The demo fills the console with invented people: never in production.");
  }
  const { agents, args } = options();
  await prepare();
  // Both in reach of this process alone: the people leave and sign out before the server ends.
  const server = serve(["server/main.ts"], { apart: true });
  const people = serve(["server/demo/main.ts", ...args], { apart: true });
  server.child.once("message", (seats) => people.child.send(/** @type {object} */ (seats)));
  server.child.send({ parley: "seats wanted", agents });

  let asked = 0;
  const end = () => {
    asked += 1;
    people.child.kill("SIGTERM");
    // Whoever asks twice doesn't want to wait.
    if (asked > 1) server.child.kill("SIGTERM");
  };
  whenEnding(end);
  whenOrphaned(end);
  void people.ended.then(() => server.child.kill("SIGTERM"));
  process.exitCode = await server.ended;
  people.child.kill("SIGTERM");
  await people.ended;
});

function options() {
  const { values } = parsed();
  const number = (
    /** @type {keyof typeof values} */ name,
    /** @type {number} */ least,
    most = Number.POSITIVE_INFINITY,
  ) => {
    const value = Number(values[name]);
    if (!(value >= least && value <= most)) {
      throw new Error(`--${name} can't be ${values[name]}\n\n${usage}`);
    }
    return value;
  };
  const agents = Math.floor(number("agents", 0, 3));
  const args = ["per-minute", "speed", "seed"].flatMap((name) => [
    `--${name}`,
    String(number(/** @type {keyof typeof values} */ (name), name === "speed" ? 0.1 : 0)),
  ]);
  return { agents, args };
}

function parsed() {
  try {
    return parseArgs({
      options: {
        "per-minute": { type: "string", default: "6" },
        agents: { type: "string", default: "0" },
        speed: { type: "string", default: "1" },
        seed: { type: "string", default: "1" },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}
