import { minutes } from "#shared/model/time.ts";
import type { Seat } from "../setup/demoSeats.ts";
import { type AgentBot, agentBot } from "./agentBot.ts";
import { exponential, type Random, split } from "./random.ts";
import { castName, castScript, type Mix, type Script, usualMix } from "./scripts.ts";
import { waited } from "./surroundings.ts";
import { type VisitorBot, visitorBot } from "./visitorBot.ts";
import type { Watch } from "./watch.ts";

export type CrowdOptions = {
  /** Where the server answers, and the origin its pages have. */
  url: string;
  origin: string;
  site: string;
  /** Who of the agents is played. */
  seats: readonly Seat[];
  /** Visitors arriving in a minute, on average. */
  perMinute: number;
  random: Random;
  /** How much faster than people they read, think and type. */
  speed: number;
  mix?: Mix;
  /** Nobody else comes in while so many are here. */
  most?: number;
  /** Told of a visitor who could not go on. */
  failed?: (name: string, error: unknown) => void;
  watch?: Watch;
};

export type CrowdState = {
  arrived: number;
  waiting: number;
  talking: number;
  away: number;
  agents: number;
  messages: number;
};

export type Crowd = {
  state(): CrowdState;
  /** Everybody goes home. */
  stop(): Promise<void>;
};

const usualMost = 60;

type Part = { script: Script; name: string };

/** How often somebody is drawn anew who would be called, or talk, like somebody who is here. */
const draws = 8;

/** Somebody with a name and a story of their own, as far as there are any left. */
export function castUnlike(here: Iterable<Part>, random: Random, mix: Mix): Part {
  const others = [...here];
  const cast = (): Part => {
    const script = castScript(random, mix);
    return { script, name: castName(random, script) };
  };
  let part = cast();
  for (let draw = 1; draw < draws; draw++) {
    const { script, name } = part;
    if (!others.some((one) => one.script === script || one.name === name)) break;
    part = cast();
  }
  return part;
}

/** Visitors who keep coming, independently of each other, and agents if there are seats for them. */
export function crowd(options: CrowdOptions): Crowd {
  const { url, origin, site, seats, perMinute, random, speed, mix = usualMix, watch } = options;
  const { most = usualMost, failed = () => {} } = options;
  const watched = watch ? { watch } : {};
  const open = new AbortController();
  const visitors = new Set<VisitorBot>();
  const here = new Set<Part>();
  let arrived = 0;
  let messagesOfGone = 0;

  const agents: AgentBot[] = seats.map(({ cookie }) =>
    agentBot({ url, origin, cookie, random: split(random), speed, ...watched }),
  );

  function arrives() {
    const own = split(random);
    const { script, name } = castUnlike(here, own, mix);
    const bot = visitorBot({ url, site, script, name, random: own, speed, ...watched });
    arrived += 1;
    visitors.add(bot);
    const part = { script, name };
    here.add(part);
    bot.left
      .catch((error) => failed(name, error))
      .finally(() => {
        visitors.delete(bot);
        here.delete(part);
        messagesOfGone += bot.written();
      });
  }

  async function keepsComing(): Promise<void> {
    const mean = minutes(1) / perMinute;
    while (await waited(exponential(random, mean), open.signal)) {
      if (visitors.size < most) arrives();
    }
  }

  if (perMinute > 0) {
    arrives();
    void keepsComing();
  }

  return {
    state() {
      const count = (what: string) => [...visitors].filter((bot) => bot.now() === what).length;
      const written = [...visitors, ...agents].reduce((sum, bot) => sum + bot.written(), 0);
      return {
        arrived,
        waiting: count("waiting"),
        talking: count("talking"),
        away: count("away"),
        agents: agents.length,
        messages: messagesOfGone + written,
      };
    },
    async stop() {
      open.abort();
      const leaving = [...visitors].map((bot) => {
        bot.leave();
        return bot.left;
      });
      await Promise.allSettled([...leaving, ...agents.map((bot) => bot.leave())]);
    },
  };
}
