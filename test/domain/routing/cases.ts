import type { RoutableAgent, RoutableChat } from "#server/domain/routing/floor.ts";
import type { QueueId } from "#shared/model/ids.ts";
import { priority } from "#shared/model/priority.ts";
import { languageSkill } from "#shared/model/skill.ts";
import type { BecauseReason, Filtered } from "#shared/protocol/events.ts";
import { agent, chat, type PolicyWords } from "./scene.ts";

/**
 * What the router should do, worked out by hand from SPEC.md and docs/routing.md. Nothing here was
 * copied from what the program answers. `reason` and `removed` are about the first plan; `removed`
 * names the filters that removed anybody.
 */
export type Case = {
  what: string;
  waiting: readonly RoutableChat[];
  agents: readonly RoutableAgent[];
  policies?: Readonly<Record<string, PolicyWords>>;
  /** In the order they are made: `1→a` assigns, `1?a,b` rings at both. */
  plans: string;
  reason?: BecauseReason;
  removed?: Partial<Filtered>;
};

const support = "support" as QueueId;
const billing = "billing" as QueueId;
const both = { sales: {}, support: {} };
/** Room for exactly one more chat. */
const oneLeft = { used: 300 };
const polish = { skill: languageSkill("pl-PL"), level: 3 } as const;
const refunds = { skill: "refunds", level: 4 } as const;

const order: Case[] = [
  { what: "nobody waits", waiting: [], agents: [agent("a")], plans: "" },
  { what: "nobody works", waiting: [chat("1")], agents: [], plans: "" },
  {
    what: "one of each",
    waiting: [chat("1")],
    agents: [agent("a")],
    plans: "1→a",
    reason: "onlyCandidate",
    removed: {},
  },
  {
    what: "older first",
    waiting: [chat("1", { waited: 5 }), chat("2", { waited: 9 })],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
  },
  {
    what: "of two as old the lower id first",
    waiting: [chat("2"), chat("1")],
    agents: [agent("a", oneLeft)],
    plans: "1→a",
  },
  {
    what: "urgent before high before normal before low when all came together",
    waiting: [
      chat("1", { priority: priority.low }),
      chat("2", { priority: priority.normal }),
      chat("3", { priority: priority.high }),
      chat("4", { priority: priority.urgent }),
    ],
    agents: [agent("a")],
    plans: "4→a 3→a 2→a 1→a",
  },
  {
    what: "a transferred chat keeps its age: the new leg doesn't put it at the end",
    waiting: [chat("1", { waited: 300, inLeg: 2 }), chat("2", { waited: 200 })],
    agents: [agent("a", oneLeft)],
    plans: "1→a",
  },
  {
    what: "a chat that waited two years goes first whatever comes",
    waiting: [chat("1", { priority: 0, waited: 63_000_000 }), chat("2", { priority: 100 })],
    agents: [agent("a", oneLeft)],
    plans: "1→a",
  },
  {
    what: "order runs over all queues of an agent",
    waiting: [
      chat("1", { waited: 5 }),
      chat("2", { queue: support, waited: 9 }),
      chat("3", { waited: 7 }),
    ],
    agents: [agent("a", { in: both, used: 200 })],
    plans: "2→a 3→a",
  },
];

/** With 60 seconds a point, normal (20) to high (50) is 30 minutes and low (0) to urgent (80) is 80. */
const overtaking: Case[] = [
  {
    what: "high overtakes a normal chat that is a second less than 30 minutes older",
    waiting: [chat("1", { waited: 1_799 }), chat("2", { waited: 0, priority: priority.high })],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
  },
  {
    what: "at exactly 30 minutes the scores are equal and the older one goes first",
    waiting: [chat("2", { waited: 1_800 }), chat("1", { waited: 0, priority: priority.high })],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
  },
  {
    what: "a normal chat more than 30 minutes older goes before a high one",
    waiting: [chat("1", { waited: 1_801 }), chat("2", { waited: 0, priority: priority.high })],
    agents: [agent("a", oneLeft)],
    plans: "1→a",
  },
  {
    what: "urgent overtakes low within 80 minutes",
    waiting: [
      chat("1", { waited: 4_799, priority: priority.low }),
      chat("2", { waited: 0, priority: priority.urgent }),
    ],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
  },
  {
    what: "and not after",
    waiting: [
      chat("1", { waited: 4_801, priority: priority.low }),
      chat("2", { waited: 0, priority: priority.urgent }),
    ],
    agents: [agent("a", oneLeft)],
    plans: "1→a",
  },
  {
    what: "one point is worth one step",
    waiting: [
      chat("1", { waited: 69, priority: 20 }),
      chat("2", { waited: 10, priority: 21 }),
      chat("3", { waited: 8, priority: 21 }),
    ],
    agents: [agent("a")],
    plans: "2→a 1→a 3→a",
  },
  {
    what: "with a step of 0 priority means nothing",
    waiting: [
      chat("1", { waited: 2, priority: 0, step: 0 }),
      chat("2", { waited: 1, priority: 100, step: 0 }),
    ],
    agents: [agent("a", oneLeft)],
    plans: "1→a",
  },
  {
    what: "with a step of half a second ten points are worth five seconds",
    waiting: [
      chat("1", { waited: 14, priority: 20, step: 0.5 }),
      chat("2", { waited: 10, priority: 30, step: 0.5 }),
    ],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
  },
  {
    what: "the whole scale is worth 100 steps: 100 minutes",
    waiting: [
      chat("1", { waited: 6_001, priority: 0 }),
      chat("2", { waited: 0, priority: 100 }),
      chat("3", { waited: 5_999, priority: 0 }),
    ],
    agents: [agent("a")],
    plans: "1→a 2→a 3→a",
  },
  {
    what: "overtaking is by score, not by class: two normal ones around a high one",
    waiting: [
      chat("1", { waited: 2_000 }),
      chat("2", { waited: 100, priority: priority.high }),
      chat("3", { waited: 1_850 }),
    ],
    agents: [agent("a", { used: 200 })],
    plans: "1→a 2→a",
  },
];

const capacity: Case[] = [
  {
    what: "full is full",
    waiting: [chat("1")],
    agents: [agent("a", { used: 400 })],
    plans: "",
  },
  {
    what: "exactly enough room is enough",
    waiting: [chat("1")],
    agents: [agent("a", { used: 300 })],
    plans: "1→a",
  },
  {
    what: "a hundredth of a chat too little is too little",
    waiting: [chat("1")],
    agents: [agent("a", { used: 301 })],
    plans: "",
  },
  {
    what: "a heavy chat fills two places exactly",
    waiting: [chat("1", { units: 200, waited: 9 }), chat("2", { waited: 8 })],
    agents: [agent("a", { used: 200 })],
    plans: "1→a",
  },
  {
    what: "inactive chats weigh a quarter: three active and three inactive leave room for a light one only",
    waiting: [chat("1", { units: 25, waited: 9 }), chat("2", { units: 100, waited: 8 })],
    agents: [agent("a", { used: 375 })],
    plans: "1→a",
  },
  {
    what: "a capacity of nothing takes nothing",
    waiting: [chat("1")],
    agents: [agent("a", { capacity: 0 })],
    plans: "",
  },
  {
    what: "who is above a lowered capacity gets nothing more",
    waiting: [chat("1")],
    agents: [agent("a", { used: 300, capacity: 200 })],
    plans: "",
  },
  {
    what: "a chat heavier than anybody's whole capacity waits",
    waiting: [chat("1", { units: 500 })],
    agents: [agent("a"), agent("b")],
    plans: "",
  },
  {
    what: "four chats fill an agent, the fifth waits",
    waiting: ["1", "2", "3", "4", "5"].map((id) => chat(id)),
    agents: [agent("a")],
    plans: "1→a 2→a 3→a 4→a",
  },
  {
    what: "of the agents only the one with room is left, the full one is counted",
    waiting: [chat("1")],
    agents: [agent("a", { used: 400 }), agent("b", { used: 300 })],
    plans: "1→b",
    reason: "onlyCandidate",
    removed: { full: 1 },
  },
];

const blocked: Case[] = [
  {
    what: "a head whose queue has nobody holds up no other queue",
    waiting: [chat("1", { queue: support, waited: 9 }), chat("2", { waited: 8 })],
    agents: [agent("a")],
    plans: "2→a",
  },
  {
    what: "a head too heavy for the room left lets a lighter one pass",
    waiting: [chat("1", { units: 200, waited: 120 }), chat("2")],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
  },
  {
    what: "a head that asks for what nobody can lets the next one pass",
    waiting: [chat("1", { requires: polish, waited: 120 }), chat("2")],
    agents: [agent("a", oneLeft)],
    plans: "2→a",
    removed: {},
  },
  {
    what: "a head everybody has declined lets the next one pass",
    waiting: [chat("1", { passedBy: ["a", "b"], waited: 120 }), chat("2")],
    agents: [agent("a"), agent("b")],
    plans: "2→a",
  },
  {
    what: "three blocked heads of different kinds in a row",
    waiting: [
      chat("1", { queue: billing, waited: 500 }),
      chat("2", { units: 500, waited: 400 }),
      chat("3", { requires: refunds, waited: 300 }),
      chat("4", { waited: 200 }),
    ],
    agents: [agent("a", { in: both })],
    plans: "4→a",
  },
  {
    what: "who is passed over keeps the place and goes first as soon as it can",
    waiting: [chat("1", { units: 200, waited: 120 }), chat("2"), chat("3", { waited: 50 })],
    agents: [agent("a", { used: 200 })],
    plans: "1→a",
  },
];

const presence: Case[] = [
  {
    what: "who is away is left alone",
    waiting: [chat("1")],
    agents: [agent("a", { presence: "away" })],
    plans: "",
  },
  {
    what: "who is finishing gets no new chats",
    waiting: [chat("1")],
    agents: [agent("a", { presence: "finishing", used: 100 })],
    plans: "",
  },
  {
    what: "who is offline gets nothing, even with a console open",
    waiting: [chat("1")],
    agents: [agent("a", { presence: "offline" })],
    plans: "",
  },
  {
    what: "online by their own word and not really there is not there",
    waiting: [chat("1")],
    agents: [agent("a", { live: false })],
    plans: "",
  },
  {
    what: "the other queue's agent is no help",
    waiting: [chat("1")],
    agents: [agent("a", { in: { support: {} } })],
    plans: "",
  },
  {
    what: "everybody is counted once, by the first filter that holds",
    waiting: [chat("1", { requires: polish, passedBy: ["h"] })],
    agents: [
      agent("a", { in: { support: {} }, presence: "away", live: false, used: 400 }),
      agent("b", { in: { sales: { delay: 90 } }, presence: "away" }),
      agent("c", { presence: "away", live: false, used: 400 }),
      agent("d", { presence: "finishing", live: false }),
      agent("e", { presence: "offline", live: false }),
      agent("f", { live: false, used: 400 }),
      agent("g", { used: 400 }),
      agent("h", { skills: { "language:pl": 3 }, used: 400 }),
      agent("i", { skills: { "language:pl": 3 }, used: 400 }),
      agent("j", { skills: { "language:pl": 3 } }),
    ],
    plans: "1→j",
    reason: "onlyCandidate",
    removed: {
      ...{ notMember: 1, delayed: 1, away: 1, finishing: 1, offline: 1 },
      ...{ notLive: 1, unskilled: 1, passed: 1, full: 1 },
    },
  },
];

const methods: Case[] = [
  {
    what: "most spare units first",
    waiting: [chat("1")],
    agents: [agent("a", { used: 100 }), agent("b", { assigned: 1 })],
    plans: "1→b",
    reason: "mostSpareUnits",
  },
  {
    what: "spare counts, not how little one holds",
    waiting: [chat("1")],
    agents: [agent("a", { used: 0, capacity: 100 }), agent("b", { used: 200 })],
    plans: "1→b",
  },
  {
    what: "among equals who has been idle longest",
    waiting: [chat("1")],
    agents: [agent("a", { assigned: 5 }), agent("b", { assigned: 9 })],
    plans: "1→b",
    reason: "longestIdle",
  },
  {
    what: "never assigned is idle the longest",
    waiting: [chat("1")],
    agents: [agent("a", { assigned: 36_000 }), agent("b")],
    plans: "1→b",
  },
  {
    what: "idle is counted from the last chat that came or went, whichever is later",
    waiting: [chat("1")],
    agents: [agent("a", { assigned: 500, freed: 2 }), agent("b", { assigned: 300, freed: 310 })],
    plans: "1→b",
    reason: "longestIdle",
  },
  {
    what: "lowest id when all else is equal",
    waiting: [chat("1")],
    agents: [agent("b"), agent("a")],
    plans: "1→a",
    reason: "lowestId",
  },
  {
    what: "chats are spread in turn",
    waiting: ["1", "2", "3", "4"].map((id) => chat(id)),
    agents: [agent("a"), agent("b")],
    plans: "1→a 2→b 3→a 4→b",
  },
  {
    what: "longest idle as the method looks past who has more room",
    waiting: [chat("1")],
    agents: [agent("a", { assigned: 5 }), agent("b", { assigned: 9, used: 300 })],
    policies: { sales: { method: "longestIdle" } },
    plans: "1→b",
    reason: "longestIdle",
  },
  {
    what: "round robin looks at the last assignment only, not at who has just got rid of a chat",
    waiting: [chat("1")],
    agents: [agent("a", { assigned: 500, freed: 2, used: 200 }), agent("b", { assigned: 300 })],
    policies: { sales: { method: "roundRobin" } },
    plans: "1→a",
    reason: "roundRobin",
  },
  {
    what: "round robin goes round within one pass",
    waiting: ["1", "2", "3", "4"].map((id) => chat(id)),
    agents: [
      agent("a", { assigned: 10 }),
      agent("b", { assigned: 30 }),
      agent("c", { assigned: 20 }),
    ],
    policies: { sales: { method: "roundRobin", tieBreak: [] } },
    plans: "1→b 2→c 3→a 4→a",
  },
  {
    what: "fill first takes the one with least room that is still enough",
    waiting: [chat("1")],
    agents: [agent("a", { used: 100 }), agent("b", { used: 300 }), agent("c", { used: 350 })],
    policies: { sales: { method: "fillFirst" } },
    plans: "1→b",
    reason: "fillFirst",
    removed: { full: 1 },
  },
  {
    what: "fill first fills one agent before it begins with the next",
    waiting: ["1", "2", "3"].map((id) => chat(id)),
    agents: [agent("a"), agent("b", { used: 200 })],
    policies: { sales: { method: "fillFirst" } },
    plans: "1→b 2→b 3→a",
  },
  {
    what: "a tie is broken by fewest recent assignments where the queue wants that",
    waiting: [chat("1")],
    agents: [
      agent("a", { had: [100, 200], assigned: 100 }),
      agent("b", { had: [50], assigned: 50 }),
    ],
    policies: { sales: { tieBreak: ["fewestRecent", "longestIdle"] } },
    plans: "1→b",
    reason: "fewestRecent",
  },
  {
    what: "what is more than an hour ago isn't recent: the day's champion isn't spared, the newcomer not flooded",
    waiting: [chat("1")],
    agents: [
      agent("a", { had: [3_700, 3_650, 3_600], assigned: 3_600 }),
      agent("b", { had: [20], assigned: 20 }),
    ],
    policies: { sales: { tieBreak: ["fewestRecent"] } },
    plans: "1→a",
    reason: "fewestRecent",
  },
  {
    what: "the list is gone through in its order",
    waiting: [chat("1")],
    agents: [
      agent("a", { had: [50], assigned: 50, used: 100 }),
      agent("b", { had: [60], assigned: 60, used: 200 }),
    ],
    policies: { sales: { method: "longestIdle", tieBreak: ["fewestRecent", "spareUnits"] } },
    plans: "1→b",
    reason: "longestIdle",
  },
  {
    what: "and its later entries decide when the earlier ones can't",
    waiting: [chat("1")],
    agents: [
      agent("a", { had: [50], assigned: 50, used: 200 }),
      agent("b", { had: [50], assigned: 50, used: 100 }),
    ],
    policies: { sales: { method: "longestIdle", tieBreak: ["fewestRecent", "spareUnits"] } },
    plans: "1→b",
    reason: "mostSpareUnits",
  },
];

const memberships: Case[] = [
  {
    what: "who has the better priority in the queue comes before who has more room",
    waiting: [chat("1")],
    agents: [
      agent("a", { in: { sales: { priority: 50 } } }),
      agent("b", { in: { sales: { priority: 1 } }, used: 300 }),
    ],
    plans: "1→b",
    reason: "membershipPriority",
  },
  {
    what: "the second choice gets what the first has no room for",
    waiting: [chat("1"), chat("2")],
    agents: [
      agent("a", { in: { sales: { priority: 2 } } }),
      agent("b", { in: { sales: { priority: 1 } }, used: 300 }),
    ],
    plans: "1→b 2→a",
  },
  {
    what: "with the same priority the method decides",
    waiting: [chat("1")],
    agents: [
      agent("a", { in: { sales: { priority: 7 } }, used: 100 }),
      agent("b", { in: { sales: { priority: 7 } } }),
    ],
    plans: "1→b",
    reason: "mostSpareUnits",
  },
  {
    what: "named in the tie-break list, priority stands where the list has it",
    waiting: [chat("1")],
    agents: [
      agent("a", { in: { sales: { priority: 50 } } }),
      agent("b", { in: { sales: { priority: 1 } }, used: 300 }),
    ],
    policies: { sales: { tieBreak: ["membershipPriority", "longestIdle"] } },
    plans: "1→a",
    reason: "mostSpareUnits",
  },
  {
    what: "the overflow team sees nothing before its delay",
    waiting: [chat("1", { waited: 29 })],
    agents: [agent("a", { in: { sales: { delay: 30 } } })],
    plans: "",
  },
  {
    what: "and takes chats at the very second it ends",
    waiting: [chat("1", { waited: 30 })],
    agents: [agent("a", { in: { sales: { delay: 30 } } })],
    plans: "1→a",
  },
  {
    what: "a delay runs from the leg's entry, not from the age the chat brought along",
    waiting: [chat("1", { waited: 500, inLeg: 29 })],
    agents: [agent("a", { in: { sales: { delay: 30 } } })],
    plans: "",
  },
  {
    what: "chats of one queue reach the overflow team one after the other",
    waiting: [chat("1", { waited: 40 }), chat("2", { waited: 20 })],
    agents: [agent("a", { in: { sales: { delay: 30 } } }), agent("b", { used: 400 })],
    plans: "1→a",
    removed: { full: 1 },
  },
  {
    what: "once the delay is over the overflow team is like any other",
    waiting: [chat("1", { waited: 31 })],
    agents: [agent("a", { in: { sales: { delay: 30 } } }), agent("b", { used: 100 })],
    plans: "1→a",
    reason: "mostSpareUnits",
  },
  {
    what: "priority is each queue's own: first in support, last in sales",
    waiting: [chat("1", { waited: 9 }), chat("2", { queue: support, waited: 8 })],
    agents: [
      agent("a", { in: { sales: { priority: 99 }, support: { priority: 1 } } }),
      agent("b", { in: { sales: { priority: 1 }, support: { priority: 99 } } }),
    ],
    plans: "1→b 2→a",
  },
];

const skills: Case[] = [
  {
    what: "a language is a skill: who doesn't speak it is left out",
    waiting: [chat("1", { requires: polish })],
    agents: [agent("a"), agent("b", { skills: { "language:pl": 3 }, used: 300 })],
    plans: "1→b",
    reason: "onlyCandidate",
    removed: { unskilled: 1 },
  },
  {
    what: "a level below is not enough",
    waiting: [chat("1", { requires: refunds })],
    agents: [agent("a", { skills: { refunds: 3 } })],
    plans: "",
  },
  {
    what: "a level above is",
    waiting: [chat("1", { requires: refunds })],
    agents: [agent("a", { skills: { refunds: 5 } })],
    plans: "1→a",
  },
  {
    what: "being better at it than asked gives no advantage",
    waiting: [chat("1", { requires: refunds })],
    agents: [
      agent("a", { skills: { refunds: 5 }, used: 100 }),
      agent("b", { skills: { refunds: 4 } }),
    ],
    plans: "1→b",
  },
  {
    what: "all means each of them",
    waiting: [chat("1", { requires: { all: [polish, refunds] } })],
    agents: [
      agent("a", { skills: { "language:pl": 5 } }),
      agent("b", { skills: { refunds: 5 } }),
      agent("c", { skills: { "language:pl": 3, refunds: 4 }, used: 300 }),
    ],
    plans: "1→c",
    removed: { unskilled: 2 },
  },
  {
    what: "any means one of them",
    waiting: [chat("1", { requires: { any: [polish, refunds] } })],
    agents: [agent("a"), agent("b", { skills: { refunds: 4 } })],
    plans: "1→b",
  },
  {
    what: "they nest: refunds, and Polish or Ukrainian",
    waiting: [
      chat("1", {
        requires: { all: [refunds, { any: [polish, { skill: "language:uk", level: 2 }] }] },
      }),
    ],
    agents: [
      agent("a", { skills: { refunds: 5, "language:uk": 1 } }),
      agent("b", { skills: { refunds: 4, "language:uk": 2 }, used: 300 }),
    ],
    plans: "1→b",
  },
  {
    what: "an empty list asks for nothing, whichever it is",
    waiting: [
      chat("1", { requires: { all: [] } }),
      chat("2", { requires: { any: [] }, waited: 59 }),
    ],
    agents: [agent("a")],
    plans: "1→a 2→a",
  },
  {
    what: "who can do more isn't kept back for chats that ask for more",
    waiting: [chat("1", { waited: 90 }), chat("2", { requires: polish })],
    agents: [agent("a", { skills: { "language:pl": 5 }, used: 300 }), agent("b", { used: 350 })],
    plans: "1→a",
  },
];

const afterAMinute = { afterSeconds: 60 };

const relaxation: Case[] = [
  {
    what: "a second before the step the level still holds",
    waiting: [chat("1", { requires: refunds, waited: 59 })],
    agents: [agent("a", { skills: { refunds: 2 } })],
    policies: { sales: { steps: [{ ...afterAMinute, lower: { refunds: 2 } }] } },
    plans: "",
  },
  {
    what: "at the step the level is lowered",
    waiting: [chat("1", { requires: refunds, waited: 60 })],
    agents: [agent("a", { skills: { refunds: 2 } }), agent("b", { skills: { refunds: 1 } })],
    policies: { sales: { steps: [{ ...afterAMinute, lower: { refunds: 2 } }] } },
    plans: "1→a",
    removed: { unskilled: 1 },
  },
  {
    what: "lowering never asks for more than the chat did",
    waiting: [chat("1", { requires: { skill: "refunds", level: 1 }, waited: 60 })],
    agents: [agent("a", { skills: { refunds: 1 } })],
    policies: { sales: { steps: [{ ...afterAMinute, lower: { refunds: 3 } }] } },
    plans: "1→a",
  },
  {
    what: "a dropped skill isn't asked for any more, the other one is",
    waiting: [chat("1", { requires: { all: [polish, refunds] }, waited: 60 })],
    agents: [agent("a", { skills: { "language:pl": 5 } }), agent("b", { skills: { refunds: 4 } })],
    policies: { sales: { steps: [{ ...afterAMinute, drop: ["refunds"] }] } },
    plans: "1→a",
    removed: { unskilled: 1 },
  },
  {
    what: "steps add up: lowered at the first, dropped at the second, both gone at the third",
    waiting: [
      chat("1", { requires: { all: [polish, refunds] }, waited: 181 }),
      chat("2", { requires: { all: [polish, refunds] }, waited: 121 }),
      chat("3", { requires: { all: [polish, refunds] }, waited: 61 }),
      chat("4", { requires: { all: [polish, refunds] }, waited: 1 }),
    ],
    agents: [
      agent("a", { capacity: 100 }),
      agent("b", { capacity: 100, skills: { refunds: 4 } }),
      agent("c", { capacity: 100, skills: { "language:pl": 1, refunds: 4 } }),
      agent("d", { capacity: 100, skills: { "language:pl": 3, refunds: 4 } }),
    ],
    policies: {
      sales: {
        steps: [
          { afterSeconds: 60, lower: { "language:pl": 1 } },
          { afterSeconds: 120, drop: ["language:pl"] },
          { afterSeconds: 180, drop: ["refunds"] },
        ],
      },
    },
    plans: "1→a 2→b 3→c 4→d",
  },
  {
    what: "chats of one queue stand at different steps by their own wait",
    waiting: [
      chat("1", { requires: refunds, waited: 70 }),
      chat("2", { requires: refunds, waited: 50 }),
    ],
    agents: [agent("a")],
    policies: { sales: { steps: [{ ...afterAMinute, drop: ["refunds"] }] } },
    plans: "1→a",
  },
  {
    what: "steps run from the leg's entry: a transferred chat starts with the first one again",
    waiting: [chat("1", { requires: refunds, waited: 900, inLeg: 10 })],
    agents: [agent("a")],
    policies: { sales: { steps: [{ ...afterAMinute, drop: ["refunds"] }] } },
    plans: "",
  },
  {
    what: "in the end skills don't matter",
    waiting: [chat("1", { requires: { all: [polish, refunds] }, waited: 300 })],
    agents: [agent("a")],
    policies: { sales: { anyoneAfter: 300 } },
    plans: "1→a",
  },
  {
    what: "but away, full and not of the queue still do",
    waiting: [chat("1", { requires: refunds, waited: 9_000 })],
    agents: [
      agent("a", { presence: "away" }),
      agent("b", { used: 400 }),
      agent("c", { in: { support: {} } }),
      agent("d"),
    ],
    policies: { sales: { anyoneAfter: 300 } },
    plans: "1→d",
    removed: { notMember: 1, away: 1, full: 1 },
  },
  {
    what: "widened to support, the queue's own come first among equals",
    waiting: [chat("1", { waited: 60 }), chat("2", { waited: 60 })],
    agents: [agent("a", { in: { support: {} }, capacity: 100 }), agent("b", { capacity: 100 })],
    policies: { sales: { steps: [{ ...afterAMinute, widen: [support] }] } },
    plans: "1→b 2→a",
    reason: "ownQueue",
  },
  {
    what: "and not where they have less room",
    waiting: [chat("1", { waited: 60 })],
    agents: [agent("a", { in: { support: {} } }), agent("b", { used: 100 })],
    policies: { sales: { steps: [{ ...afterAMinute, widen: [support] }] } },
    plans: "1→a",
    reason: "mostSpareUnits",
  },
  {
    what: "before the step support has nothing to do with it",
    waiting: [chat("1", { waited: 59 })],
    agents: [agent("a", { in: { support: {} } })],
    policies: { sales: { steps: [{ ...afterAMinute, widen: [support] }] } },
    plans: "",
  },
  {
    what: "the delay of somebody's own membership holds where they are widened to",
    waiting: [chat("1", { waited: 89 })],
    agents: [
      agent("a", { in: { support: { delay: 90 } } }),
      agent("b", { in: { support: { delay: 80 } }, used: 300 }),
    ],
    policies: { sales: { steps: [{ ...afterAMinute, widen: [support] }] } },
    plans: "1→b",
    removed: { delayed: 1 },
  },
  {
    what: "and so does its priority",
    waiting: [chat("1", { waited: 60 })],
    agents: [
      agent("a", { in: { support: { priority: 60 } } }),
      agent("b", { in: { billing: { priority: 40 } }, used: 300 }),
    ],
    policies: { sales: { steps: [{ ...afterAMinute, widen: [support, billing] }] } },
    plans: "1→b",
    reason: "membershipPriority",
  },
  {
    what: "anyone is anyone of the queue: it widens nothing",
    waiting: [chat("1", { waited: 9_000 })],
    agents: [agent("a", { in: { support: {} } })],
    policies: { sales: { anyoneAfter: 10 } },
    plans: "",
  },
];

const preferred: Case[] = [
  {
    what: "the last agent gets the chat, whoever has more room",
    waiting: [chat("1", { preferred: ["b", 30] })],
    agents: [agent("a"), agent("b", oneLeft)],
    plans: "1→b",
    reason: "preferred",
    removed: { held: 1 },
  },
  {
    what: "while the last agent is full the chat is passed over, and the next one isn't",
    waiting: [chat("1", { preferred: ["b", 30] }), chat("2", { waited: 50 })],
    agents: [agent("a"), agent("b", { used: 400 })],
    plans: "2→a",
    removed: { full: 1 },
  },
  {
    what: "when the box ends everybody may",
    waiting: [chat("1", { preferred: ["b", 0] })],
    agents: [agent("a"), agent("b", { used: 400 })],
    plans: "1→a",
    reason: "onlyCandidate",
  },
  {
    what: "a last agent who is away keeps nobody waiting",
    waiting: [chat("1", { preferred: ["b", 30] })],
    agents: [agent("a"), agent("b", { presence: "away" })],
    plans: "1→a",
  },
  {
    what: "nor one whose console doesn't answer",
    waiting: [chat("1", { preferred: ["b", 30] })],
    agents: [agent("a"), agent("b", { live: false })],
    plans: "1→a",
  },
  {
    what: "nor one of another queue",
    waiting: [chat("1", { preferred: ["b", 30] })],
    agents: [agent("a"), agent("b", { in: { support: {} } })],
    plans: "1→a",
  },
  {
    what: "nor one who can't do what is asked for",
    waiting: [chat("1", { preferred: ["b", 30], requires: refunds })],
    agents: [agent("a", { skills: { refunds: 4 } }), agent("b")],
    plans: "1→a",
  },
  {
    what: "nor one who declined",
    waiting: [chat("1", { preferred: ["b", 30], passedBy: ["b"] })],
    agents: [agent("a"), agent("b")],
    plans: "1→a",
    removed: { passed: 1 },
  },
  {
    what: "nor one who has left the company",
    waiting: [chat("1", { preferred: ["gone", 30] })],
    agents: [agent("a")],
    plans: "1→a",
  },
  {
    what: "the one it is kept for may lose the room to an older chat of the same pass",
    waiting: [chat("1", { waited: 90 }), chat("2", { preferred: ["a", 30] })],
    agents: [agent("a", oneLeft), agent("b", { used: 350 })],
    plans: "1→a",
  },
];

const ringThree = { ring: { seconds: 30, agents: 3 } };
const ringOne = { ring: { seconds: 30, agents: 1 } };

const ringing: Case[] = [
  {
    what: "a queue that rings asks the best one",
    waiting: [chat("1")],
    agents: [agent("a", { used: 100 }), agent("b")],
    policies: { sales: ringOne },
    plans: "1?b",
    reason: "mostSpareUnits",
  },
  {
    what: "three at once: the best three, and the reason is why the fourth isn't",
    waiting: [chat("1")],
    agents: [
      agent("a", { used: 100, assigned: 9 }),
      agent("b"),
      agent("c", { used: 100, assigned: 5 }),
      agent("d", { used: 50 }),
    ],
    policies: { sales: ringThree },
    plans: "1?b,d,a",
    reason: "longestIdle",
  },
  {
    what: "three asked for and two there: both",
    waiting: [chat("1")],
    agents: [agent("a"), agent("b")],
    policies: { sales: ringThree },
    plans: "1?a,b",
    reason: "everyCandidate",
  },
  {
    what: "where it rings at two already one more is asked",
    waiting: [chat("1", { ringing: { a: 20, b: 20 } })],
    agents: [
      agent("a", { used: 100 }),
      agent("b", { used: 100 }),
      agent("c", { used: 200 }),
      agent("d", { used: 300 }),
    ],
    policies: { sales: ringThree },
    plans: "1?c",
    reason: "mostSpareUnits",
    removed: { ringing: 2 },
  },
  {
    what: "where it rings at as many as it may nobody else is asked",
    waiting: [chat("1", { ringing: { a: 20 } })],
    agents: [agent("a", { used: 100 }), agent("b")],
    policies: { sales: ringOne },
    plans: "",
  },
  {
    what: "who declined isn't asked again in this leg",
    waiting: [chat("1", { passedBy: ["b"] })],
    agents: [agent("a", { used: 300 }), agent("b")],
    policies: { sales: ringOne },
    plans: "1?a",
    reason: "onlyCandidate",
    removed: { passed: 1 },
  },
  {
    what: "an offer holds the chat's units at everybody it rings at",
    waiting: [chat("1"), chat("2", { waited: 50 })],
    agents: [agent("a", oneLeft), agent("b", oneLeft), agent("c", { used: 200 })],
    policies: { sales: { ring: { seconds: 30, agents: 2 } } },
    plans: "1?c,a 2?b,c",
  },
  {
    what: "two chats ring at two different agents rather than at one",
    waiting: [chat("1"), chat("2")],
    agents: [agent("a", { assigned: 9 }), agent("b", { assigned: 5 })],
    policies: { sales: { ...ringOne, method: "roundRobin" } },
    plans: "1?a 2?b",
  },
  {
    what: "a chat kept for somebody rings at that one alone",
    waiting: [chat("1", { preferred: ["c", 20] })],
    agents: [agent("a"), agent("b"), agent("c", oneLeft)],
    policies: { sales: ringThree },
    plans: "1?c",
    reason: "preferred",
    removed: { held: 2 },
  },
  {
    what: "and while it rings there, at nobody else",
    waiting: [chat("1", { preferred: ["c", 20], ringing: { c: 25 } })],
    agents: [agent("a"), agent("b"), agent("c", oneLeft)],
    policies: { sales: ringThree },
    plans: "",
  },
  {
    what: "when the box ends the others are asked too",
    waiting: [chat("1", { preferred: ["c", 0], ringing: { c: 5 } })],
    agents: [agent("a"), agent("b"), agent("c", oneLeft)],
    policies: { sales: ringThree },
    plans: "1?a,b",
    reason: "everyCandidate",
    removed: { ringing: 1 },
  },
  {
    what: "an offer that still rings after the queue stopped ringing is waited for",
    waiting: [chat("1", { ringing: { a: 20 } })],
    agents: [agent("a"), agent("b")],
    plans: "",
  },
];

const limits: Case[] = [
  {
    what: "a queue's own limit per agent holds besides theirs",
    waiting: [chat("1")],
    agents: [
      agent("a", { used: 100, usedBy: { sales: 100 } }),
      agent("b", { used: 300, usedBy: { support: 300 } }),
    ],
    policies: { sales: { perAgentUnits: 100 } },
    plans: "1→b",
    reason: "onlyCandidate",
    removed: { queueFull: 1 },
  },
  {
    what: "exactly up to the queue's limit, and what a pass gives counts",
    waiting: [chat("1"), chat("2"), chat("3"), chat("4")],
    agents: [agent("a", { used: 100, usedBy: { sales: 100 } })],
    policies: { sales: { perAgentUnits: 300 } },
    plans: "1→a 2→a",
  },
  {
    what: "the limit is the queue's: the agent still takes another queue's chats",
    waiting: [chat("1", { waited: 9 }), chat("2", { queue: support, waited: 8 })],
    agents: [agent("a", { in: both, used: 100, usedBy: { sales: 100 } })],
    policies: { sales: { perAgentUnits: 100 } },
    plans: "2→a",
  },
  {
    what: "who had enough assignments within the window gets no more",
    waiting: [chat("1")],
    agents: [agent("a", { had: [100, 200] }), agent("b", { used: 300, had: [50] })],
    policies: { sales: { cap: { assignments: 2, windowSeconds: 600 } } },
    plans: "1→b",
    reason: "onlyCandidate",
    removed: { capped: 1 },
  },
  {
    what: "an assignment leaves the window at the very second",
    waiting: [chat("1")],
    agents: [agent("a", { had: [600, 200] })],
    policies: { sales: { cap: { assignments: 2, windowSeconds: 600 } } },
    plans: "1→a",
  },
  {
    what: "what a pass gives counts for the cap too",
    waiting: [chat("1"), chat("2"), chat("3")],
    agents: [agent("a", { had: [30] })],
    policies: { sales: { cap: { assignments: 3, windowSeconds: 600 } } },
    plans: "1→a 2→a",
  },
  {
    what: "capped is told before full",
    waiting: [chat("1")],
    agents: [agent("a", { had: [30], used: 400 }), agent("b")],
    policies: { sales: { cap: { assignments: 1, windowSeconds: 600 } } },
    plans: "1→b",
    removed: { capped: 1 },
  },
];

const queues: Case[] = [
  {
    what: "nobody is pushed chats of a queue people take from, others go on",
    waiting: [chat("1", { waited: 90 }), chat("2", { queue: support })],
    agents: [agent("a", { in: both })],
    policies: { sales: { take: "pull" } },
    plans: "2→a",
  },
  {
    what: "both ways means pushed as well",
    waiting: [chat("1")],
    agents: [agent("a")],
    policies: { sales: { take: "both" } },
    plans: "1→a",
  },
  {
    what: "each queue compares in its own way",
    waiting: [chat("1", { waited: 9 }), chat("2", { queue: support, waited: 8 })],
    agents: [agent("a", { in: both, used: 200 }), agent("b", { in: both })],
    policies: { sales: { method: "fillFirst" }, support: { method: "mostSpare" } },
    plans: "1→a 2→b",
    reason: "fillFirst",
  },
  {
    what: "what one queue gives the other finds taken, idle time included",
    waiting: [
      chat("1", { waited: 9 }),
      chat("2", { queue: support, waited: 8 }),
      chat("3", { queue: support, waited: 7 }),
    ],
    agents: [agent("a", { in: both, used: 200 }), agent("b", { in: { support: {} }, used: 300 })],
    plans: "1→a 2→b 3→a",
  },
];

export const cases: Readonly<Record<string, readonly Case[]>> = {
  "[R1] order": order,
  "[R31] overtaking": overtaking,
  "[R1] capacity": capacity,
  "[R1] blocked heads": blocked,
  "[R21] presence": presence,
  "[R26] methods and ties": methods,
  "[R22] [R26] memberships": memberships,
  "[R23] skills": skills,
  "[R24] relaxation": relaxation,
  "[R25] preferred agents": preferred,
  "[R27] [R28] ringing": ringing,
  "[R29] limits": limits,
  "[R30] several queues": queues,
};
