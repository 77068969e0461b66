import type { AgentId, ConversationId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";

/** What an agent has begun to write in a chat: a reply and a note do not share their words. */
export type Draft = { reply: string; note: string; mode: "reply" | "note" };

export type Drafts = {
  read(id: ConversationId): Draft;
  write(id: ConversationId, draft: Draft): void;
  /** The chats in which something was begun, newest first. */
  begun(): ConversationId[];
};

/** The part of localStorage that is used: reading it can throw where the browser forbids storage. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export const emptyDraft: Draft = { reply: "", note: "", mode: "reply" };

/** Enough for weeks of begun answers; the oldest go first, so that storage cannot fill up. */
export const draftLimit = 100;

type Stored = Record<string, Draft & { at: Instant }>;

/**
 * Drafts outlive reload, sign-out and the loss of a chat. They are kept per agent, so that two people
 * at one machine never see each other's words. Where nothing can be stored they live in memory.
 */
export function openDrafts(
  agent: AgentId,
  storage: DraftStorage | null,
  now: () => Instant,
): Drafts {
  const key = `parley.drafts.${agent}`;
  let memory: Stored = {};
  let kept = storage !== null;
  // Storage rather than memory is asked each time: another tab may have written since.
  const all = (): Stored => {
    const text = kept ? read(storage, key) : null;
    if (kept && text !== parsed.text) parsed = { text, drafts: parse(text) };
    return kept ? parsed.drafts : memory;
  };
  let parsed: { text: string | null; drafts: Stored } = { text: null, drafts: {} };
  return {
    read: (id) => pick(all()[id]),
    write(id, draft) {
      const next = { ...all() };
      if (draft.reply === "" && draft.note === "") delete next[id];
      else next[id] = { ...draft, at: now() };
      memory = Object.fromEntries(newestFirst(next).slice(0, draftLimit));
      kept = save(storage, key, memory);
    },
    begun: () => newestFirst(all()).map(([id]) => id as ConversationId),
  };
}

const newestFirst = (all: Stored) => Object.entries(all).sort(([, a], [, b]) => b.at - a.at);

const pick = (stored: Stored[string] | undefined): Draft =>
  stored ? { reply: stored.reply, note: stored.note, mode: stored.mode } : emptyDraft;

function read(storage: DraftStorage | null, key: string): string | null {
  try {
    return storage?.getItem(key) ?? null;
  } catch {
    return null;
  }
}

/** False where storage is full or forbidden: from then on drafts live in memory, which is all there is. */
function save(storage: DraftStorage | null, key: string, all: Stored): boolean {
  try {
    if (Object.keys(all).length === 0) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(all));
    return storage !== null;
  } catch {
    return false;
  }
}

/** Anything may have been written under the key: what is not a draft is left out. */
function parse(text: string | null): Stored {
  const found: Stored = {};
  for (const [id, value] of Object.entries(json(text))) {
    const { reply, note, mode, at } = (value ?? {}) as Record<string, unknown>;
    if (typeof reply !== "string" || typeof note !== "string" || typeof at !== "number") continue;
    found[id] = { reply, note, mode: mode === "note" ? "note" : "reply", at };
  }
  return found;
}

function json(text: string | null): object {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
