import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { seconds } from "#shared/model/time.ts";
import type { SeatsLent } from "../setup/demoSeats.ts";
import { crowd } from "./crowd.ts";
import { seeded } from "./random.ts";
import { told } from "./told.ts";

/**
 * The program behind `npm run demo` that plays the people. Its parent started a server too and hands
 * over where it is; when the parent goes, or says so, everybody goes home.
 */
const every = seconds(20);
/** The first line comes sooner, so that nobody wonders whether something happens. */
const first = seconds(5);

const { values } = parseArgs({
  options: {
    "per-minute": { type: "string", default: "6" },
    seed: { type: "string", default: "1" },
    speed: { type: "string", default: "1" },
  },
});

const say = (line: string) => process.stdout.write(`${line}\n`);

process.once("message", (message) => {
  start(message as SeatsLent).catch((error) => {
    process.stderr.write(`The demo ended: ${error}\n`);
    process.exit(1);
  });
});

async function start({ url, origin, site, seats }: SeatsLent): Promise<void> {
  if (site === null) {
    throw new Error("this workspace has no demo shop; `npm run reset` makes a fresh one");
  }
  const people = crowd({
    url,
    origin,
    site,
    seats,
    perMinute: Number(values["per-minute"]),
    random: seeded(Number(values.seed)),
    speed: Number(values.speed),
    failed: (name, error) => say(`Demo: ${name} could not go on: ${error}`),
  });
  const played = seats.map(({ name }) => name).join(", ");
  const who = played ? `${played} played by the demo` : "sign in, go online and answer them";
  say(`Demo: visitors arrive, ${values["per-minute"]} a minute; ${who}.`);

  const report = () => say(`Demo: ${told(people.state())}`);
  const timers = [setTimeout(report, first), setInterval(report, every)];

  let ending = false;
  async function end(): Promise<void> {
    if (ending) return;
    ending = true;
    for (const timer of timers) clearTimeout(timer);
    await people.stop();
    await Promise.race([
      Promise.all(seats.map(({ cookie }) => signOut(url, origin, cookie))),
      sleep(seconds(2), null, { ref: false }),
    ]);
    process.exit(0);
  }
  process.on("SIGTERM", () => void end());
  process.on("SIGINT", () => void end());
  process.on("disconnect", () => void end());
}

/** Lent sessions end with the demo. A server that is gone already forgets them when they run out. */
async function signOut(url: string, origin: string, cookie: string): Promise<void> {
  const headers = { cookie, origin, "content-type": "application/json" };
  await fetch(`${url}/api/session`, { method: "DELETE", headers }).catch(() => undefined);
}
