import { minutes } from "#shared/model/time.ts";
import type { Seat } from "../setup/demoSeats.ts";
import { type AgentBot, agentBot } from "./agentBot.ts";
import { exponential, type Random, split } from "./random.ts";
import { castName, castScript, type Mix, usualMix } from "./scripts.ts";
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

/** Visitors who keep coming, independently of each other, and agents if there are seats for them. */
export function crowd(options: CrowdOptions): Crowd {
  const { url, origin, site, seats, perMinute, random, speed, mix = usualMix, watch } = options;
  const { most = usualMost, failed = () => {} } = options;
  const watched = watch ? { watch } : {};
  const open = new AbortController();
  const visitors = new Set<VisitorBot>();
  let arrived = 0;
  let messagesOfGone = 0;

  const agents: AgentBot[] = seats.map(({ cookie }) =>
    agentBot({ url, origin, cookie, random: split(random), speed, ...watched }),
  );

  function arrives() {
    const own = split(random);
    const script = castScript(own, mix);
    const name = castName(own, script);
    const bot = visitorBot({ url, site, script, name, random: own, speed, ...watched });
    arrived += 1;
    visitors.add(bot);
    bot.left
      .catch((error) => failed(name, error))
      .finally(() => {
        visitors.delete(bot);
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
