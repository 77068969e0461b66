import { randomBytes } from "node:crypto";
import { type VisitorSession, visitorSession } from "#shared/client/visitorSession.ts";
import { minutes } from "#shared/model/time.ts";
import { visitorNamespace } from "#shared/protocol/sockets.ts";
import { becomes } from "./becomes.ts";
import { frameTicket } from "./frameTicket.ts";
import { memoryStore } from "./memoryStore.ts";
import { nodeWire } from "./nodeWire.ts";
import { paceOf } from "./pace.ts";
import { pick, type Random } from "./random.ts";
import { type Line, languages, type Script } from "./scripts.ts";
import { surroundings, waited } from "./surroundings.ts";
import { unwatched, type Watch } from "./watch.ts";

/** Somebody who writes to the shop, played by a program over the same socket a widget uses. */
export type VisitorBot = {
  name: string;
  now(): "waiting" | "talking" | "away" | "gone";
  /** How many lines it has written. */
  written(): number;
  /** Resolves when its part is over. */
  over: Promise<void>;
  /** Resolves when it has left for good. */
  left: Promise<void>;
  /** Does nothing more, but keeps the page open if it keeps pages. */
  rest(): void;
  leave(): void;
};

export type VisitorBotOptions = {
  /** Where the server answers. */
  url: string;
  site: string;
  script: Script;
  name: string;
  random: Random;
  speed: number;
  /** How likely it reloads the page before a line. */
  reloads?: number;
  /** Its part over, it keeps the page open until `leave`. */
  keepsPage?: boolean;
  watch?: Watch;
};

export function visitorBot(options: VisitorBotOptions): VisitorBot {
  const { url, site, script, name, random, speed, reloads = 0, watch = unwatched } = options;
  const { locale, zone, ...phrases } = languages[script.language];
  const token = randomBytes(32).toString("base64url");
  const tab = `visitor ${token.slice(0, 8)}`;
  const pace = paceOf(random, speed);
  const world = surroundings(random, speed);
  const store = memoryStore();
  const acting = new AbortController();
  const leaving = Promise.withResolvers<void>();
  let number = 0;
  let session: VisitorSession | null = null;
  let unshow = () => {};
  let page = { tab, side: "visitor" as const, number };
  let now: ReturnType<VisitorBot["now"]> = "waiting";
  let written = 0;
  let heard = 0;

  async function opensPage(): Promise<VisitorSession | null> {
    const ticket = await frameTicket(url, site, acting.signal);
    if (ticket === null) return null;
    number += 1;
    page = { tab, side: "visitor", number };
    const auth = () => ({ site, token, ticket });
    const opened = visitorSession({
      wire: watch.wire(page, nodeWire(url, visitorNamespace, { auth })),
      world,
      store: watch.store(page, store),
      sender: tab,
      tabs: () => ({ tell() {}, close() {} }),
      locale,
      zone,
      // Which the server has, so that an agent who follows it arrives where the visitor writes.
      page: () => url + script.page,
    });
    unshow = watch.shown(page, opened);
    session = opened;
    return opened;
  }

  function leavesPage() {
    if (!session) return;
    unshow();
    session.dispose();
    session = null;
    watch.left(page);
  }

  const answers = (here: VisitorSession) =>
    here.timeline.value.filter((row) => row.kind === "message" && row.by.kind === "agent").length;
  const closed = (here: VisitorSession) => here.conversation.value?.status === "closed";

  /** The page with the chat on it: the same one, or after a reload the next. */
  async function atPage(): Promise<VisitorSession | null> {
    if (session && random() < reloads) leavesPage();
    const known = session;
    const here = known ?? (await opensPage());
    // Who has written before sees it again before writing on.
    if (here && !known && written > 0) {
      await becomes(() => here.conversation.value !== null, minutes(1), acting.signal);
    }
    return here;
  }

  async function says(text: string): Promise<boolean> {
    if (!(await waited(pace.thinking(), acting.signal))) return false;
    const here = await atPage();
    if (!here) return false;
    here.typing(true);
    if (!(await waited(pace.typing(text), acting.signal))) return false;
    const signed = watch.signed(page, text, { kind: "say" });
    if (written === 0) here.start(name, signed);
    else here.say(signed);
    written += 1;
    return true;
  }

  /** Waits for an answer and reads it. */
  async function hears(): Promise<"answered" | "closed" | "nothing"> {
    const here = session;
    if (!here) return "nothing";
    const news = () => answers(here) > heard || closed(here);
    if (!(await becomes(news, pace.patience(), acting.signal))) return "nothing";
    const last = here.timeline.value.findLast((row) => row.kind === "message");
    if (answers(here) > heard) now = "talking";
    heard = answers(here);
    await waited(pace.reading(last?.text ?? ""), acting.signal);
    here.read();
    return closed(here) ? "closed" : "answered";
  }

  /** An answer, asked for once more if need be. */
  async function isAnswered(): Promise<"answered" | "closed" | "nothing"> {
    const first = await hears();
    if (first !== "nothing" || script.mood === "silent") return first;
    return (await says(pick(random, phrases.nudges))) ? hears() : "nothing";
  }

  async function endsChat(): Promise<void> {
    const here = session;
    if (!here || closed(here)) return;
    here.end();
    await becomes(() => closed(here), pace.patience(), acting.signal);
  }

  /** Leaves once the chat is closed, and is back some time later. */
  async function comesBack(): Promise<boolean> {
    const here = session;
    if (!here) return false;
    if (!(await becomes(() => closed(here), pace.patience(), acting.signal))) await endsChat();
    leavesPage();
    now = "away";
    return waited(pace.away(), acting.signal);
  }

  async function speaks(line: Line): Promise<"on" | "over"> {
    if (line.later && !(await comesBack())) return "over";
    if (!(await says(line.text))) return "over";
    if (line.later) now = "waiting";
    if (line.goesOn) return "on";
    const outcome = await isAnswered();
    if (outcome === "answered") return "on";
    if (outcome === "closed") return script.lines.some(({ later }) => later) ? "on" : "over";
    if (script.mood !== "silent" && (await says(pick(random, phrases.givingUp)))) await endsChat();
    return "over";
  }

  async function plays(): Promise<void> {
    let done = false;
    for (const line of script.lines) {
      done = (await speaks(line)) === "over";
      if (done) break;
    }
    const here = session;
    if (here && !done) {
      if (script.ending === "ends") await endsChat();
      else if (script.ending === "stays") {
        await becomes(() => closed(here), 3 * pace.patience(), acting.signal);
      } else await waited(pace.patience(), acting.signal);
    }
    now = "gone";
  }

  const over = plays();

  return {
    name,
    now: () => now,
    written: () => written,
    over,
    left: over
      .then(() => (options.keepsPage ? leaving.promise : undefined))
      .finally(() => {
        now = "gone";
        leavesPage();
      }),
    rest: () => acting.abort(),
    leave() {
      acting.abort();
      leaving.resolve();
    },
  };
}
