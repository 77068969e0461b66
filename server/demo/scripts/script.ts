export type Language = "en" | "pl" | "uk";

export type Mood = "calm" | "angry" | "ordering" | "manager" | "abusive" | "silent" | "comingBack";

/** Polish and Ukrainian say "I returned it" one way as a woman and another as a man. */
export type Voice = "f" | "m";

/** One thing a visitor writes, and what an agent might answer to it. */
export type Line = {
  text: string;
  answers: readonly string[];
  /** The next line follows without waiting for an answer. */
  goesOn?: true;
  /** Written only after the chat was closed, by somebody who comes back. */
  later?: true;
  /** Wants somebody with more to say: an agent passes the chat on. */
  escalates?: true;
};

/** A visitor's part: what is written, in this order, and how it ends. */
export type Script = {
  mood: Mood;
  language: Language;
  voice: Voice;
  /** The page of the shop it is written on. */
  page: string;
  lines: readonly Line[];
  /** `ends` the chat, `stays` until the agent closes it, or `vanishes` without a word. */
  ending: "ends" | "stays" | "vanishes";
};

/** What people of one language are called and say whatever the chat is about. */
export type Phrases = {
  locale: string;
  zone: string;
  names: Readonly<Record<Voice, readonly string[]>>;
  /** Beside the name, so that nobody takes a bot for a customer. */
  tag: string;
  /** Nobody has answered for a while. */
  nudges: readonly string[];
  givingUp: readonly string[];
  /** An agent's words when the script knows nothing better. */
  answers: readonly string[];
  /** An agent who hears nothing any more. */
  stillThere: readonly string[];
  goodbyes: readonly string[];
  notes: readonly string[];
  /** The note that goes with a chat to the next agent. */
  handover: readonly string[];
};
