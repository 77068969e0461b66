import { createHash } from "node:crypto";
import type { ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { type Poll, syncLimit } from "#shared/protocol/requests.ts";
import type { Polled } from "#shared/protocol/sockets.ts";
import type { Directory } from "../engine/directory.ts";
import { DeskUnavailable, type Ledger, type SiteRecord } from "../ports.ts";
import type { Delivery, TypingMessage } from "./deliver.ts";
import { fitting } from "./following.ts";
import { headFor } from "./headFor.ts";
import type { Positions } from "./positions.ts";

/** Longer than this, proxies begin to take silence for death. */
export const pollWait: Millis = seconds(25);

/**
 * Long polls of visitors whose network blocks WebSockets. Nothing about them is kept between two: each
 * brings what it has, is answered from SQL at once when there is more, else when this node hears that
 * something may have changed. So any node can answer the next one.
 */
export type Polls = {
  /** `gone` aborts when nobody waits for the answer any more. */
  wait(poll: Poll, site: SiteRecord, gone: AbortSignal): Promise<Polled>;
  /** Answers all of them now: they are to ask elsewhere, after as long as `pause` says. */
  drain(pause: () => Millis): void;
  open(): number;
};

type Parts = {
  workspace: WorkspaceId;
  logEpoch: string;
  ledger: Ledger;
  directory: Directory;
  delivery: Pick<Delivery, "listen">;
  positions: Pick<Positions, "of">;
};

type Signals = Polled["signals"];
type At = Awaited<ReturnType<Positions["of"]>>;

/** What a poll is answered, and what it says of who is there. */
type News = {
  polled: Polled;
  staffed: boolean;
  waitsIn: { queue: QueueId; staffed: boolean } | null;
};

export function createPolls(parts: Parts): Polls {
  const { workspace, logEpoch, ledger, directory, delivery, positions } = parts;
  const waiting = new Set<() => void>();
  let drained: (() => Millis) | null = null;

  /** Redis being away hides the place, nothing else. */
  const placeOf = (conversation: ConversationId): Promise<At | null> =>
    positions.of(conversation).catch((error) => {
      if (error instanceof DeskUnavailable) return null;
      throw error;
    });

  /** Everything this visitor should know, in so far as the poll doesn't know it. */
  async function news({ conversation, since = 0, seen }: Poll, site: SiteRecord): Promise<News> {
    const staffed = directory.staffed(site.queue);
    const state: Signals = [["staffed", { staffed }]];
    let waitsIn: News["waitsIn"] = null;
    const fresh: Signals = [];
    let besides: unknown = null;
    if (conversation) {
      const [heads, at] = await Promise.all([
        ledger.heads(workspace, [conversation]),
        placeOf(conversation),
      ]);
      const place = at?.place ?? null;
      if (at?.queue) waitsIn = { queue: at.queue, staffed: at.place.staffed };
      const found = heads.get(conversation);
      const head = found && headFor("visitor", conversation, found);
      if (head && head.head > since) {
        const page = await ledger.events(workspace, conversation, "visitor", since, syncLimit);
        if (page.length > 0) fresh.push(["events", { conversation, events: fitting(page) }]);
      }
      if (place) state.push(["position", { conversation, ...place }]);
      if (head) state.push(["heads", { logEpoch, heads: [head] }]);
      besides = [logEpoch, head?.cursors, place];
    }
    const now = digest([state[0], besides]);
    const polled = { seen: now, signals: now === seen ? fresh : [...fresh, ...state] };
    return { polled, staffed, waitsIn };
  }

  const differs = ({ staffed, waitsIn }: News, site: SiteRecord): boolean =>
    directory.staffed(site.queue) !== staffed ||
    (waitsIn !== null && directory.staffed(waitsIn.queue) !== waitsIn.staffed);

  return {
    open: () => waiting.size,
    async wait(poll, site, gone) {
      let typing: TypingMessage | null = null;
      let changed = false;
      let late = false;
      let wake = () => {};
      const look = () => {
        changed = true;
        wake();
      };
      let told: News | null = null;
      const stops = [
        // Assignments and settings change the directory all the time: few of them change an answer.
        directory.onChange(() => {
          if (!told || differs(told, site)) look();
        }),
      ];
      waiting.add(look);
      const timer = setTimeout(() => {
        late = true;
        wake();
      }, pollWait);
      gone.addEventListener("abort", look);
      try {
        // Hear first, read then: what is committed in between is in what is read.
        if (poll.conversation) {
          const stop = await delivery.listen(poll.conversation, (message) => {
            typing = message ?? typing;
            look();
          });
          stops.push(stop);
        }
        for (;;) {
          changed = false;
          told = null;
          const read = await news(poll, site);
          told = read;
          const found = read.polled;
          if (drained) found.signals.push(["draining", { retryAfterMs: drained() }]);
          if (typing) found.signals.push(["typing", typing]);
          if (found.signals.length > 0 || late || gone.aborted) return found;
          if (changed) continue;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = () => {};
          if (late || gone.aborted) return found;
        }
      } finally {
        clearTimeout(timer);
        waiting.delete(look);
        for (const stop of stops) stop();
      }
    },
    drain(pause) {
      drained = pause;
      for (const look of waiting) look();
    },
  };
}

const digest = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("base64url").slice(0, 16);
