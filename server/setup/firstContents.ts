import { randomInt } from "node:crypto";
import { defaultCapacity } from "#shared/model/agent.ts";
import type { AgentId, QueueId, SiteId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import { hashPassword } from "../engine/passwords.ts";
import type { Ids, Seed } from "../ports.ts";

/** A person who can sign in after seeding; the password is shown once and stored only as a hash. */
export type SignIn = { name: string; email: string; password: string; role: string };

export type SeedWish = {
  at: Instant;
  ids: Ids;
  admin: { email: string | null; password: string | null };
  /** With three agents and a shop, or only what a new installation needs. */
  demo: boolean;
};

export const demoSiteKey = "demo-shop";
const step = 60;

/**
 * A workspace's first contents: three queues that escalate to each other, an owner, canned replies,
 * one site; for the demo also three agents and the shop's site key.
 */
export async function firstContents(wish: SeedWish): Promise<{ seed: Seed; signIns: SignIn[] }> {
  const { at, ids, admin, demo } = wish;
  const queue = () => ids.next() as QueueId;
  const [frontLine, specialists, supervisors] = [queue(), queue(), queue()];
  const people: (Omit<SignIn, "password"> & { password?: string; queues: QueueId[] })[] = [
    {
      name: demo ? "Olena Marchenko" : "Owner",
      email: admin.email?.toLowerCase() ?? "owner@demo.test",
      role: "owner",
      // Alone at first, the owner of a new installation answers everything.
      queues: demo ? [supervisors] : [frontLine, specialists, supervisors],
      ...(admin.password && { password: admin.password }),
    },
  ];
  if (demo) {
    const agent = (name: string, email: string, queues: QueueId[]) =>
      people.push({ name, email, role: "agent", queues });
    agent("Anna Nowak", "anna@demo.test", [frontLine]);
    agent("Ben Carter", "ben@demo.test", [frontLine, specialists]);
    agent("Iryna Kovalenko", "iryna@demo.test", [specialists]);
  }
  const signIns = people.map(({ name, email, role, password }) => ({
    name,
    email,
    role,
    password: password ?? readablePassword(),
  }));
  const agents = await Promise.all(
    people.map(async ({ name, email, role, queues }, index) => ({
      id: ids.next() as AgentId,
      name,
      email,
      role: role as Seed["agents"][number]["role"],
      queues,
      capacity: defaultCapacity,
      passwordHash: await hashPassword(signIns[index]?.password ?? ""),
    })),
  );
  const seed: Seed = {
    at,
    name: demo ? "Demo" : "Parley",
    queues: [
      { id: supervisors, name: "Supervisors", escalatesTo: null, stepSeconds: step },
      { id: specialists, name: "Specialists", escalatesTo: supervisors, stepSeconds: step },
      { id: frontLine, name: "Front line", escalatesTo: specialists, stepSeconds: step },
    ],
    sites: [
      {
        id: ids.next() as SiteId,
        key: demo ? demoSiteKey : "main",
        name: demo ? "Fern & Field" : "Parley",
        origins: [],
        accent: null,
        queue: frontLine,
      },
    ],
    agents,
    cannedReplies: cannedReplies.map((reply) => ({ id: ids.next(), ...reply })),
  };
  return { seed, signIns };
}

const cannedReplies = [
  {
    shortcut: "hello",
    title: "Greeting",
    text: "Hello {{visitor.name}}, I'm {{agent.name}}. How can I help you?",
  },
  {
    shortcut: "moment",
    title: "One moment",
    text: "Let me check that for you. It takes a minute or two.",
  },
  {
    shortcut: "order",
    title: "Ask for the order number",
    text: "Could you tell me your order number? You find it in the confirmation mail.",
  },
  {
    shortcut: "return",
    title: "How returns work",
    text: "You can return any item within 30 days. Shall I prepare the return label for you?",
  },
  {
    shortcut: "anything",
    title: "Anything else?",
    text: "Is there anything else I can do for you?",
  },
  {
    shortcut: "bye",
    title: "Goodbye",
    text: "Thank you for writing to us. Have a good day.",
  },
];

/** Without letters that look alike: about 92 bits in 16 characters, in groups that can be read aloud. */
function readablePassword(): string {
  const alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  const group = () =>
    Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}
