import type { Link } from "./link.ts";

type Hear = (message: string) => void;

export type Fanout = {
  /** Resolves once the subscription stands; the answer ends it. */
  subscribe(channel: string, hear: Hear): Promise<() => Promise<void>>;
  /** To be called when the link is back: ends what could not be ended while it was away. */
  tidy(): Promise<void>;
};

/** All hearers of a channel share one subscription; what is done to it is done one after the other. */
type Subscription = {
  channel: string;
  hearers: Set<{ hear: Hear }>;
  listener: Hear;
  stands: boolean;
  lane: Promise<unknown>;
};

/**
 * Subscriptions on a connection of their own. The client subscribes again by itself after it
 * reconnected; what was published meanwhile is lost, which heads heal (decision 12).
 */
export function fanout(link: Link, onError: (error: Error) => void): Fanout {
  const subscriptions = new Map<string, Subscription>();

  function subscriptionTo(channel: string): Subscription {
    const found = subscriptions.get(channel);
    if (found) return found;
    const hearers: Subscription["hearers"] = new Set();
    const listener = (message: string) => {
      for (const { hear } of [...hearers]) {
        try {
          hear(message);
        } catch (error) {
          // Thrown further it would break the client's reading of the connection.
          onError(error instanceof Error ? error : new Error(String(error)));
        }
      }
    };
    const made = { channel, hearers, listener, stands: false, lane: Promise.resolve() };
    subscriptions.set(channel, made);
    return made;
  }

  /** Crossing on the wire, the end of one subscription could end the next one to the same channel. */
  function inTurn(subscription: Subscription, work: (on: Subscription) => Promise<void>) {
    const done = subscription.lane.then(() => work(subscription));
    subscription.lane = done.catch(() => undefined);
    return done;
  }

  async function begin(subscription: Subscription): Promise<void> {
    if (subscription.stands) return;
    const { channel, listener } = subscription;
    await link.call((client) => client.sSubscribe(channel, listener));
    subscription.stands = true;
  }

  /** Also for one that failed to begin: its request may still be on its way. */
  async function end(subscription: Subscription): Promise<void> {
    const { channel, hearers, listener } = subscription;
    if (hearers.size > 0 || subscriptions.get(channel) !== subscription || !link.isUp()) return;
    try {
      await link.call((client) => client.sUnsubscribe(channel, listener));
    } catch (error) {
      // Nobody hears it, so the caller is done; `tidy` tries again.
      onError(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    subscription.stands = false;
    if (hearers.size === 0) subscriptions.delete(channel);
  }

  return {
    async subscribe(channel, hear) {
      const subscription = subscriptionTo(channel);
      const hearer = { hear };
      const leave = async () => {
        if (!subscription.hearers.delete(hearer) || subscription.hearers.size > 0) return;
        await inTurn(subscription, end);
      };
      subscription.hearers.add(hearer);
      try {
        await inTurn(subscription, begin);
      } catch (error) {
        await leave();
        throw error;
      }
      return leave;
    },
    async tidy() {
      await Promise.all([...subscriptions.values()].map((one) => inTurn(one, end)));
    },
  };
}
