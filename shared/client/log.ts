import { batch, type ReadonlySignal, signal } from "@preact/signals-core";
import { apply } from "#shared/domain/apply.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";

export type Side = "visitor" | "agent";

export type Log = {
  conversation: ReadonlySignal<Conversation | null>;
  events: ReadonlySignal<readonly ConversationEvent[]>;
  last(): number;
  /** Live events in whatever order they came. True when some are missing before what is here. */
  receive(events: readonly ConversationEvent[]): boolean;
  /** All events after a seq we have, so nothing can be missing between them. */
  page(events: readonly ConversationEvent[]): void;
  wipe(): void;
};

/** How many events wait for the missing ones before them; the rest comes with the sync. */
const heldLimit = 500;

/**
 * A conversation's events in order, folded (SPEC C1). Staff see every event, so the next one is
 * `seq` plus one; visitors see some, so the next one names the last one they could see.
 */
export function log(side: Side): Log {
  const conversation = signal<Conversation | null>(null);
  const events = signal<readonly ConversationEvent[]>([]);
  const held = new Map<number, ConversationEvent>();
  const last = () => conversation.peek()?.seq ?? 0;
  const before = (event: ConversationEvent) => (side === "visitor" ? event.prev : event.seq - 1);

  function take(incoming: readonly ConversationEvent[], whole: boolean) {
    let state = conversation.peek();
    let at = last();
    const fresh: ConversationEvent[] = [];
    const add = (event: ConversationEvent) => {
      state = apply(state, event);
      at = event.seq;
      fresh.push(event);
    };
    for (const event of incoming) {
      if (event.seq <= at) continue;
      if (whole) add(event);
      else if (held.size < heldLimit || before(event) === at) held.set(event.seq, event);
    }
    for (const event of [...held.values()].sort((a, b) => a.seq - b.seq)) {
      if (event.seq > at && before(event) !== at) break;
      held.delete(event.seq);
      if (event.seq > at) add(event);
    }
    if (fresh.length === 0) return;
    batch(() => {
      conversation.value = state;
      events.value = [...events.peek(), ...fresh];
    });
  }

  return {
    conversation,
    events,
    last,
    receive(incoming) {
      take(incoming, false);
      return held.size > 0;
    },
    page: (incoming) => take(incoming, true),
    wipe() {
      held.clear();
      batch(() => {
        conversation.value = null;
        events.value = [];
      });
    },
  };
}
