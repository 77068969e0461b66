import { batch } from "@preact/signals";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { Instant } from "#shared/model/time.ts";
import type { ConversationEvent, EventBody } from "#shared/protocol/events.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import type { FakeSession } from "./fakes.ts";

/** Sunday afternoon in Warsaw. */
export const galleryNow: Instant = Date.UTC(2026, 10, 22, 14, 30);

export type Names = { site: string; agent: string; queue: string };
export const ordinary: Names = { site: "Parley Coffee", agent: "Anna Kowalska", queue: "Orders" };
export const long: Names = {
  site: "Międzynarodowe Przedsiębiorstwo Handlu Kawą i Herbatą „Wschód–Zachód” sp. z o.o.",
  agent: "Oleksandra-Konstancja Przybyszewska-Nowokryzhanivska",
  queue: "Zamówienia międzynarodowe, reklamacje i zwroty",
};

const minute = 60_000;
const day = 1_440 * minute;
type By = "visitor" | "agent" | "system";
type Message = Extract<TimelineRow, { kind: "message" }>;

/** Rows told one after the other, as a session would hand them over. */
function story(names: Names) {
  const rows: TimelineRow[] = [];
  const by = (kind: By) => ({ kind, id: `${kind}-1` }) as Message["by"];
  const seqNow = () => rows.length + 1;
  return {
    rows,
    says(kind: By, ago: number, text: string, more: Partial<Message> = {}) {
      const seq = seqNow();
      const mine = kind === "visitor";
      const at = galleryNow - ago;
      rows.push({
        key: `m${seq}`,
        kind: "message",
        by: by(kind),
        text,
        at,
        mine,
        mark: "read",
        seq,
        ...more,
      });
    },
    event(ago: number, body: EventBody, kind: By = "system") {
      const seq = seqNow();
      const event = { ...body, seq, by: by(kind) } as unknown as ConversationEvent;
      rows.push({ key: `e${seq}`, kind: "system", at: galleryNow - ago, seq, event });
    },
    joins(ago: number) {
      this.event(ago, {
        kind: "assigned",
        body: { agent: "agent-1", name: names.agent, units: 100 } as never,
      });
    },
  };
}

const conversation = (status: Partial<Conversation>): Conversation =>
  ({ id: "c", agent: "agent-1", ...status }) as Conversation;

function talk(names: Names) {
  const told = story(names);
  told.says("visitor", day + 50 * minute, "Dzień dobry, do you still have the Yirgacheffe beans?");
  told.joins(day + 49 * minute);
  told.says("agent", day + 48 * minute, "Hello, we do: 250 g and 1 kg bags.");
  told.says(
    "agent",
    day + 47 * minute,
    "https://parley-coffee.example/beans/yirgacheffe?roast=light&size=250 shows both (the smaller one is roasted on Fridays).",
  );
  told.says("visitor", 24 * minute, "Thank you");
  told.says(
    "visitor",
    23 * minute,
    "One more thing: could you change the delivery address of order 10482? I am moving next week.",
  );
  told.event(22 * minute, {
    kind: "queued",
    body: { queueName: names.queue, why: "transfer" } as never,
  });
  told.joins(20 * minute);
  told.says("agent", 18 * minute, "Of course. What is the new address?");
  told.says("visitor", 2 * minute, "ul. Kawowa 7/3\n00-001 Warszawa", { mark: "read" });
  told.says("visitor", 1 * minute, "and please leave it with the neighbour 🙂", {
    mark: "delivered",
  });
  return told;
}

/** Every state the visitor can be in, by name: what a session looks like then. */
export const states: Record<string, (session: FakeSession, names: Names) => void> = {
  startHere: () => undefined,
  startAway(session) {
    session.staffed.value = false;
  },
  startOffline(session) {
    session.connection.value = "offline";
  },
  loading(session) {
    session.welcome.value = null;
    session.connection.value = "connecting";
  },
  sending(session, names) {
    const told = story(names);
    told.says("visitor", 0, "Hello, where is my order?", { mark: "queued", seq: null });
    session.timeline.value = told.rows;
  },
  waiting(session, names) {
    const told = story(names);
    told.says("visitor", minute, "Hello, where is my order?", { mark: "sent" });
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "queued" });
    session.position.value = 3;
  },
  waitingNext(session, names) {
    states.waiting?.(session, names);
    session.position.value = 1;
  },
  waitingAway(session, names) {
    states.waitingNext?.(session, names);
    session.staffed.value = false;
  },
  talking(session, names) {
    session.timeline.value = talk(names).rows;
    session.conversation.value = conversation({ status: "assigned" });
  },
  typing(session, names) {
    states.talking?.(session, names);
    session.agentTyping.value = true;
  },
  failed(session, names) {
    const told = talk(names);
    told.says("visitor", 0, "Did you get that?", { mark: "queued", seq: null });
    told.says("visitor", 0, "And a second one that was refused.", {
      mark: "failed",
      seq: null,
      failure: refusal("rate"),
    });
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "assigned" });
  },
  reconnecting(session, names) {
    states.talking?.(session, names);
    session.connection.value = "reconnecting";
  },
  offline(session, names) {
    states.talking?.(session, names);
    session.connection.value = "offline";
  },
  unkept(session, names) {
    const told = talk(names);
    const queued = { mark: "queued", seq: null, unkept: true } as const;
    told.says("visitor", 0, "We are in a tunnel, I think.", queued);
    told.says("visitor", 0, "Are you still there?", queued);
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "assigned" });
    session.connection.value = "offline";
  },
  kept(session, names) {
    const told = story(names);
    told.says("visitor", 3 * minute, "Hello, is anybody there?", { mark: "sent" });
    told.event(3 * minute, { kind: "parked", body: { why: "unattended" } as never });
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "parked" });
    session.staffed.value = false;
  },
  ending(session, names) {
    states.talking?.(session, names);
  },
  closed(session, names) {
    const told = talk(names);
    told.says("agent", minute / 2, "Done. Have a good move.");
    told.event(0, { kind: "closed", body: { reason: "agent" } }, "agent");
    // The one who closes is the one who had joined.
    const last = told.rows.at(-1);
    if (last?.kind === "system")
      last.event = { ...last.event, by: { kind: "agent", id: "agent-1" as never } };
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "closed" });
  },
  hostile(session, names) {
    const told = story(names);
    told.joins(9 * minute);
    for (const text of [
      "<img src=x onerror=alert(1)> <b>bold?</b>",
      "javascript:alert(1) https://user:pw@evil.example/ https://ok.example/a_(b)).",
      "x".repeat(400),
      "Z̷̧̛̭̰͕̾̈́̎͝ạ̸̓͌̕l̶̨̥͇̮̐̎̽g̴̢̺̞̈́̏͒o̷̧̡͇̤͗̈́ ".repeat(4),
      "\u202Egnp.exe \u202d mixed עברית and English",
      " one\n\n\n  two   three",
      "👍",
    ]) {
      told.says("agent", 5 * minute, text);
      told.says("visitor", 5 * minute, text);
    }
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "assigned" });
  },
  unconnected(session) {
    session.welcome.value = null;
    session.connection.value = "reconnecting";
  },
  many(session, names) {
    const told = story(names);
    told.joins(9 * day);
    for (let at = 0; at < 500; at += 1) {
      told.says(at % 5 < 3 ? "agent" : "visitor", (500 - at) * 20 * minute, `Message ${at + 1}`);
    }
    session.timeline.value = told.rows;
    session.conversation.value = conversation({ status: "assigned" });
  },
  refusedSite(session) {
    session.connection.value = "refused";
    session.refusal.value = refusal("not_found");
  },
  refusedSession(session) {
    session.connection.value = "refused";
    session.refusal.value = refusal("unauthenticated");
  },
};

/** Puts a fresh session into a state. */
export function enact(session: FakeSession, state: string, names: Names): void {
  const act = states[state];
  if (!act) throw new Error(`no state ${state}`);
  batch(() => {
    session.welcome.value = {
      protocol: 1,
      logEpoch: "e",
      now: galleryNow,
      site: { name: names.site, accent: null },
      staffed: true,
      conversation: null,
    };
    act(session, names);
  });
}
