import { type Millis, minutes, seconds } from "#shared/model/time.ts";
import { between, type Random } from "./random.ts";

/** How long people take for things, divided by the speed the demo runs at. */
export type Pace = {
  reading(text: string): Millis;
  thinking(): Millis;
  typing(text: string): Millis;
  /** How long somebody waits for an answer before saying so, or giving up. */
  patience(): Millis;
  /** Before somebody who had left comes back. */
  away(): Millis;
  between(least: Millis, most: Millis): Millis;
};

const readPerSecond = 25;
const typedPerSecond = 9;

export function paceOf(random: Random, speed: number): Pace {
  const scaled = (least: Millis, most: Millis) => between(random, least, most) / speed;
  const letters = (text: string, perSecond: number, most: Millis) => {
    const time = seconds(text.length / perSecond);
    return Math.min(scaled(time * 0.7, time * 1.3), most / speed);
  };
  return {
    reading: (text) => letters(text, readPerSecond, seconds(12)),
    thinking: () => scaled(seconds(1), seconds(6)),
    typing: (text) => letters(text, typedPerSecond, seconds(20)),
    patience: () => scaled(minutes(1.5), minutes(4)),
    away: () => scaled(seconds(20), minutes(1.5)),
    between: scaled,
  };
}
