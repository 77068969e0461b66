import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { familySeconds, processors, secondsOf } from "./cpu.ts";
import { type Floor, nobody } from "./floor.ts";
import type { Stores } from "./stores.ts";

/** What a stretch of load cost, and how much of it there was. */
export type Stretch = {
  seconds: number;
  messages: number;
  /** Processor microseconds a message, by process. */
  cost: { server: number; postgres: number; redis: number; generator: number };
  /** Share of one processor each kept busy; `others` is all that isn't ours. */
  busy: { server: number; generator: number; others: number; processors: number[] };
};

/** Milliseconds from the moment a message was due to be sent. */
export type Latencies = { ack: number[]; delivered: number[] };

type Beside = Pick<Stores, "postgres" | "redis"> | null;

/** Numbers go on from one measurement to the next, so that none comes twice on a line. */
const sent = new WeakMap<Floor, Uint32Array>();

function numbersOf(floor: Floor): Uint32Array {
  const known = sent.get(floor) ?? new Uint32Array(floor.lines);
  sent.set(floor, known);
  return known;
}

/** How many messages were sent over this floor so far. */
export const sentOver = (floor: Floor): number =>
  numbersOf(floor).reduce((sum, count) => sum + count, 0);

/**
 * As fast as it goes: each line sends its next message when the last one was acknowledged and
 * delivered. What happens in `warmUpMs` isn't counted.
 */
export async function saturate(
  floor: Floor,
  beside: Beside,
  { warmUpMs, forMs }: { warmUpMs: number; forMs: number },
): Promise<Stretch> {
  const next = numbersOf(floor);
  const halves = new Uint8Array(floor.lines);
  let done = 0;
  let open = floor.lines;
  let ending = false;

  const half = (line: number) => {
    halves[line] = (halves[line] ?? 0) + 1;
    if (halves[line] !== 2) return;
    halves[line] = 0;
    done += 1;
    if (ending) open -= 1;
    else say(line);
  };
  const say = (line: number) => {
    const n = next[line] ?? 0;
    next[line] = n + 1;
    floor.send(line, n);
  };
  floor.hearer = { acked: half, delivered: half };
  for (let line = 0; line < floor.lines; line++) say(line);
  await sleep(warmUpMs);
  const measured = measure(floor, beside, () => done);
  await sleep(forMs);
  const stretch = measured();
  ending = true;
  await until(() => open === 0);
  floor.hearer = nobody;
  return stretch;
}

/** Sends what is due this often; latency counts from here on, so a late tick makes everybody late. */
const tickMs = 1;

/**
 * At a given rate, whatever the answers do: each message is due at a set time, and its latency counts
 * from then, so a server (or generator) that stalls is charged for all that had to wait.
 */
export async function paced(
  floor: Floor,
  beside: Beside,
  { rate, warmUpMs, forMs }: { rate: number; warmUpMs: number; forMs: number },
): Promise<Stretch & { latencies: Latencies }> {
  const next = numbersOf(floor);
  const first = Uint32Array.from(next);
  const due: number[][] = Array.from({ length: floor.lines }, () => []);
  const latencies: Latencies = { ack: [], delivered: [] };
  let from = Number.POSITIVE_INFINITY;
  let done = 0;
  let sending = 0;

  const into = (sample: number[]) => (line: number, n: number) => {
    const dueAt = due[line]?.[n - (first[line] ?? 0)] ?? 0;
    if (dueAt >= from) sample.push(performance.now() - dueAt);
  };
  const ack = into(latencies.ack);
  const delivered = into(latencies.delivered);
  let acks = 0;
  floor.hearer = {
    acked(line, n) {
      acks += 1;
      ack(line, n);
    },
    delivered(line, n) {
      done += 1;
      delivered(line, n);
    },
  };

  const begun = performance.now();
  from = begun + warmUpMs;
  const end = from + forMs;
  let measured: (() => Stretch) | null = null;
  for (let tick = begun; tick < end; tick += tickMs) {
    // Timers may ring early. A generator that lags must still read what comes.
    do await (performance.now() < tick ? sleep(tickMs) : turn());
    while (performance.now() < tick);
    if (!measured && tick >= from) measured = measure(floor, beside, () => done);
    for (const owed = ((tick - begun) / 1_000) * rate; sending < owed; sending++) {
      const line = sending % floor.lines;
      const n = next[line] ?? 0;
      next[line] = n + 1;
      due[line]?.push(tick);
      floor.send(line, n);
    }
  }
  const stretch = measured?.();
  if (!stretch) throw new Error("the stretch was too short to measure");
  await until(() => done === sending && acks === sending);
  floor.hearer = nobody;
  return { ...stretch, latencies };
}

const patienceMs = 20_000;

async function until(finished: () => boolean): Promise<void> {
  for (const limit = Date.now() + patienceMs; !finished(); await sleep(5)) {
    if (Date.now() > limit) throw new Error("messages were lost, or the server stands still");
  }
}

/** Starts the clocks; the answer stops them. */
function measure(floor: Floor, beside: Beside, count: () => number): () => Stretch {
  const look = () => ({
    at: performance.now() / 1_000,
    messages: count(),
    server: secondsOf([floor.server.pid]),
    postgres: beside?.postgres ? familySeconds(beside.postgres) : 0,
    redis: beside?.redis ? secondsOf([beside.redis]) : 0,
    generator: secondsOf([process.pid]),
    processors: processors(),
  });
  const before = look();
  return () => {
    const after = look();
    const seconds = after.at - before.at;
    const messages = after.messages - before.messages;
    const spent = (who: "server" | "postgres" | "redis" | "generator") => after[who] - before[who];
    const cost = (who: Parameters<typeof spent>[0]) => (spent(who) / messages) * 1e6;
    const busy = after.processors.map(
      (time, cpu) => (time - (before.processors[cpu] ?? 0)) / seconds,
    );
    const ours = spent("server") + spent("postgres") + spent("redis") + spent("generator");
    return {
      seconds,
      messages,
      cost: {
        server: cost("server"),
        postgres: cost("postgres"),
        redis: cost("redis"),
        generator: cost("generator"),
      },
      busy: {
        server: spent("server") / seconds,
        generator: spent("generator") / seconds,
        others: busy.reduce((sum, share) => sum + share, 0) - ours / seconds,
        processors: busy,
      },
    };
  };
}
