import type { ConversationId } from "#shared/model/ids.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import type { Place } from "../routes/place.ts";
import { account, chat, chatId, colleagues, me } from "./cast.ts";
import type { FakeStart } from "./fakeSession.ts";
import { script } from "./script.ts";

/** One state of the whole console. Null for `start`: nobody is signed in. */
export type Scene = {
  place: Place;
  start: FakeStart | null;
  /** What sign-in answers. */
  door?: "wrong" | "rate" | "network" | "unreachable";
  drafts?: Record<string, { reply: string; note: string; mode: "reply" | "note"; at: number }>;
};

const anna = chat({
  n: 1,
  name: "Anna Kowalska",
  queue: 2,
  started: 640,
  unanswered: 245,
  said: ["visitor", "It still says “payment failed”, but my bank took the money.", 130],
  unread: 2,
  priority: 50,
  locale: "pl-PL",
  zone: "Europe/Warsaw",
});

const six: readonly ListRow[] = [
  anna,
  chat({
    n: 2,
    name: null,
    queue: 1,
    unanswered: 31,
    said: ["visitor", "Do you ship to Lviv?", 31],
    unread: 1,
    locale: "uk-UA",
    zone: "Europe/Kyiv",
  }),
  chat({
    n: 3,
    name: "Martin Berger",
    queue: 1,
    said: ["agent", "I’ve sent you the offer by email. Is there anything else?", 95],
  }),
  chat({
    n: 4,
    name: "Оксана Петренко",
    queue: 2,
    priority: 80,
    unanswered: 3_725,
    said: ["visitor", "Я чекаю на відповідь щодо повернення коштів за замовлення 10-442.", 3_000],
    unread: 1,
  }),
  chat({
    n: 5,
    name: "J. R.",
    queue: 3,
    priority: 0,
    started: 700,
    said: ["agent", "Thank you, that is all I need.", 610],
  }),
  chat({ n: 6, name: null, queue: 2, started: 12, unanswered: null, said: null }),
];

const waiting: readonly ListRow[] = Array.from({ length: 500 }, (_, index) =>
  chat({
    n: 100 + index,
    name: index % 3 === 0 ? null : `Visitor number ${index + 1}`,
    queue: (index % 4) + 1,
    priority: index === 0 ? 80 : index % 17 === 0 ? 50 : 20,
    started: 5_000 - index * 9,
    unanswered: 5_000 - index * 9,
    said: ["visitor", `My question number ${index + 1} is about an order`, 4_900 - index * 9],
    held: { status: "queued" },
  }),
);
const three = waiting.slice(0, 3);

const annaSays = script(anna.conversation)
  .started(90_640)
  .queued(90_640, "started")
  .assigned(90_600, colleagues[1])
  .visitor(90_580, "Hello, I’d like to change the address of order PL-20931.")
  .agent(90_500, "Hello Anna, done: it goes to ul. Długa 7 now.")
  .happened(90_400, { kind: "closed", body: { reason: "visitor" } })
  .queued(640, "reopened")
  .assigned(600)
  .visitor(590, "Hi again")
  .visitor(580, "My payment failed, and now I can’t see the order any more.")
  .agent(560, "Hello Anna, I’m looking into it.")
  .agent(555, "Which card did you use?")
  .note(500, "Same customer as yesterday. Bank shows a hold of 249 zł, not a charge.", 1)
  .visitor(
    245,
    "A Visa. I tried twice:\n1. with 3-D Secure\n2. without it\n\nhttps://shop.example.com/orders/PL-20931/payment/attempts?ref=0af3bb1d77c941c2a0e2f0a3&attempt=2",
  )
  .visitor(130, "It still says “payment failed”, but my bank took the money.");

const failing = script(anna.conversation)
  .started(640)
  .queued(640, "started")
  .assigned(600)
  .visitor(590, "Hi again")
  .agent(300, "Hello Anna, I’m looking into it.", "read")
  .agent(280, "The bank shows a hold only.", "delivered")
  .agent(100, "It will be released tonight.", "sent")
  .agent(40, "Is there anything else I can do for you?", "queued")
  .agent(20, "I’ll stay with you until it is settled.", "failed", "fenced");

const transferred = chat({
  n: 1,
  name: "Anna Kowalska",
  queue: 3,
  unanswered: 245,
  said: ["visitor", "It still says “payment failed”.", 130],
  held: { status: "queued" },
});
const transferredSays = script(transferred.conversation)
  .started(640)
  .queued(640, "started")
  .assigned(600)
  .visitor(245, "It still says “payment failed”, but my bank took the money.")
  .note(60, "Please check the hold of 249 zł.", 0)
  .queued(50, "transfer", { kind: "agent", id: account.id });

/** Two thousand lines over a few days. */
const history = Array.from({ length: 1_000 }).reduce(
  (made: ReturnType<typeof script>, _, index) =>
    made
      .visitor(400_000 - index * 400, `Question ${index + 1}: is it in stock in green?`)
      .agent(399_900 - index * 400, `Answer ${index + 1}: it is, and in blue too.`),
  script(anna.conversation).started(400_100).queued(400_100, "started").assigned(400_050),
);

const longName = chat({
  n: 1,
  name: "Wolfeschlegelsteinhausenbergerdorff-Przybyszewska Konstantynopolitańczykiewiczówna",
  queue: 3,
  priority: 80,
  unanswered: 100_000,
  said: ["visitor", "a".repeat(400), 10],
  unread: 1_234,
  page: `https://shop.example.com/${"very-long-path/".repeat(14)}`,
  zone: "America/Argentina/ComodRivadavia",
});

const inList = (rows: readonly ListRow[]) => ({
  me: me({ used: rows.length * 100 }),
  mine: rows,
  waiting: three,
});
const closed = chat({
  n: 9,
  name: "Anna Kowalska",
  said: ["visitor", "Thanks, bye", 30],
  held: { status: "closed" },
});

const onHold: readonly ListRow[] = [
  chat({
    n: 701,
    name: "Оксана Петренко",
    queue: 1,
    started: 41_000,
    unanswered: 40_900,
    said: ["visitor", "Чи можна забрати замовлення самостійно?", 40_900],
    unread: 1,
    held: { status: "parked" },
  }),
  chat({
    n: 702,
    name: "Tom",
    queue: 2,
    priority: 50,
    started: 5_400,
    unanswered: 5_300,
    said: ["visitor", "Nobody there? My card was charged twice.", 5_280],
    unread: 2,
    held: { status: "parked" },
  }),
  chat({ n: 703, name: null, queue: 1, started: 240, said: null, held: { status: "parked" } }),
];
const done: readonly ListRow[] = Array.from({ length: 100 }, (_, index) =>
  chat({
    n: 800 + index,
    name: index % 3 === 2 ? null : (["Anna Kowalska", "Martin Berger"][index % 2] ?? null),
    queue: (index % 2) + 1,
    started: 900 + index * 2_400,
    closed: 60 + index * 2_400,
    reason: (["agent", "visitor", "abandoned"] as const)[index % 3] ?? "agent",
    said: [
      index % 2 === 0 ? "agent" : "visitor",
      index % 2 === 0 ? "Thank you for writing to us." : "That was all, thank you.",
      90 + index * 2_400,
    ],
    held: { status: "closed" },
  }),
);
const view = (name: Place["view"], n: number | null = null): Place => ({
  view: name,
  chat: n === null ? null : chatId(n),
});
const mine = (n: number | null = null): Place => ({
  view: "mine",
  chat: n === null ? null : chatId(n),
});
const queued = (n: number | null = null): Place => ({
  view: "waiting",
  chat: n === null ? null : chatId(n),
});
const says = (n: number, made: { rows: ReturnType<typeof script>["rows"] }) =>
  new Map<ConversationId, typeof made.rows>([[chatId(n), made.rows]]);
const busy: FakeStart = { ...inList(six), me: me({ used: 600, capacity: 600 }) };
const withAnna: FakeStart = { ...busy, timelines: says(1, annaSays), typing: chatId(1) };
const oneChat: FakeStart = { ...inList(six.slice(0, 2)) };
const draft = { reply: "I’m checking with the bank and", note: "", mode: "reply" as const, at: 1 };

export const scenes = {
  signin: { place: mine(), start: null, door: "wrong" },
  signinRate: { place: mine(), start: null, door: "rate" },
  signinNetwork: { place: mine(), start: null, door: "network" },
  unreachable: { place: mine(), start: null, door: "unreachable" },
  empty: { place: mine(), start: { me: me(), mine: [], waiting: [] } },
  emptyAway: { place: mine(), start: { me: me({ status: "away" }), mine: [], waiting: three } },
  emptyWaiting: { place: queued(), start: { me: me(), mine: [], waiting: [] } },
  emptyElsewhere: {
    place: mine(),
    start: { me: me(), mine: [], waiting: waiting.slice(3, 4) },
  },
  waitingElsewhere: {
    place: queued(102),
    start: { me: me(), mine: [], waiting: three },
  },
  loading: { place: mine(1), start: { ...inList([]), loading: true, connection: "connecting" } },
  chats: { place: mine(), start: busy },
  chat: { place: mine(1), start: withAnna, drafts: { [chatId(2)]: draft } },
  fewChats: { place: mine(2), start: oneChat },
  nameless: { place: mine(6), start: busy },
  away: { place: mine(1), start: { ...withAnna, me: me({ status: "away", used: 600 }) } },
  failed: { place: mine(1), start: { ...busy, timelines: says(1, failing) } },
  history: { place: mine(1), start: { ...busy, timelines: says(1, history) } },
  reconnecting: { place: mine(1), start: { ...withAnna, connection: "reconnecting" } },
  offline: {
    place: mine(1),
    start: { ...busy, timelines: says(1, failing), connection: "offline" },
  },
  draining: {
    place: mine(1),
    start: { ...withAnna, connection: "reconnecting", refusal: refusal("draining") },
  },
  refused: {
    place: mine(1),
    start: { ...withAnna, connection: "refused", refusal: refusal("protocol") },
  },
  longNames: {
    place: mine(1),
    start: { ...inList([longName, ...six.slice(1)]), me: me({ used: 600, capacity: 1_600 }) },
  },
  waiting: { place: queued(), start: { ...inList(six.slice(0, 2)), waiting, waitingTotal: 742 } },
  waitingOpen: {
    place: queued(101),
    start: { ...inList(six.slice(0, 2)), waiting, waitingTotal: 500 },
  },
  transferred: {
    place: mine(1),
    start: {
      ...inList(six.slice(1)),
      others: [transferred],
      timelines: says(1, transferredSays),
    },
    drafts: { [chatId(1)]: draft },
  },
  closed: {
    place: mine(9),
    start: { ...inList(six.slice(1)), others: [closed] },
    drafts: { [chatId(9)]: draft },
  },
  emptyParked: { place: view("parked"), start: { me: me(), mine: [], waiting: [] } },
  emptyClosed: {
    place: view("closed"),
    start: { me: me({ role: "supervisor" }), mine: [], waiting: [] },
  },
  parkedList: { place: view("parked", 702), start: { ...oneChat, parked: onHold } },
  closedList: { place: view("closed", 800), start: { ...oneChat, closed: done, parked: onHold } },
  closedOld: { place: view("closed", 850), start: { ...oneChat, closed: done } },
  notFound: { place: mine(77), start: busy },
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;
