import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { account, chatId, me, welcome } from "#console/gallery/cast.ts";
import { cannedQuery, insertAt } from "#console/thread/cannedQuery.ts";
import { draftLimit, emptyDraft, openDrafts } from "#console/thread/drafts.ts";
import { fillCanned } from "#console/thread/fillCanned.ts";
import { filterCanned } from "#console/thread/filterCanned.ts";
import { sends } from "#console/thread/sendKey.ts";
import type { AgentId } from "#shared/model/ids.ts";

const { cannedReplies } = welcome(me());
const shortcuts = (query: string) =>
  filterCanned(cannedReplies, query).map(({ shortcut }) => shortcut);

describe("A slash", () => {
  it.each([
    ["/", 1, ""],
    ["/hi", 3, "hi"],
    ["/hi", 2, "h"],
    ["Good morning /or", 16, "or"],
    ["line\n/or", 8, "or"],
  ])("[AC6] asks for canned replies in %j at %i", (text, caret, query) => {
    expect(cannedQuery(text, caret)?.query).toBe(query);
  });

  it.each([
    ["and/or", 6],
    ["https://example.com", 19],
    ["/hi ", 4],
    ["12/03", 5],
    ["//", 2],
    ["/hi", 0],
    ["", 0],
  ])("[AC6] is only a slash in %j at %i", (text, caret) => {
    expect(cannedQuery(text, caret)).toBeNull();
  });

  it("[AC6] is replaced by the reply, and what stood around it stays", () => {
    const text = "Well, /hi then";
    const query = cannedQuery(text, 9);
    expect(query && insertAt(text, query, "hello")).toEqual({
      text: "Well, hello then",
      caret: 11,
    });
  });
});

describe("Canned replies", () => {
  it("[AC7] come by shortcut first, then by title, then by text", () => {
    expect(shortcuts("re")).toEqual(["refund", "hi"]);
    expect(shortcuts("de")).toEqual(["delay", "order"]);
    expect(shortcuts("carrier")).toEqual(["delay"]);
    expect(shortcuts("ZZZ")).toEqual([]);
    expect(shortcuts("")).toHaveLength(cannedReplies.length);
  });

  it("[AC8] are filled with the names", () => {
    const facts = { "visitor.name": "Anna", "agent.name": "Maja" };
    expect(fillCanned("Hello {{visitor.name}}, I’m {{ agent.name }}.", facts)).toBe(
      "Hello Anna, I’m Maja.",
    );
  });

  it("[AC8] drop an unknown name together with its space", () => {
    const facts = { "visitor.name": null, "agent.name": "Maja" };
    expect(fillCanned("Hello {{visitor.name}}, how are you?", facts)).toBe("Hello, how are you?");
    expect(fillCanned("{{visitor.name}}: welcome", facts)).toBe(": welcome");
  });

  it.each([
    ["$& $1 $$", "$& $1 $$"],
    ["{{agent.name}}", "{{agent.name}}"],
    ["An\u202ena\nKo", "Anna Ko"],
    ["\u0000", ""],
  ])("[AC8] take the name %j literally and once", (name, shown) => {
    const facts = { "visitor.name": name, "agent.name": "Maja" };
    expect(fillCanned("Hi {{visitor.name}}", facts).trimEnd()).toBe(`Hi ${shown}`.trimEnd());
  });

  it.each(["{{constructor}}", "{{visitor.email}}", "{{ }}", "{{toString}}"])(
    "[AC8] leave %s as it is written",
    (text) => {
      expect(fillCanned(text, { "visitor.name": "Anna", "agent.name": "Maja" })).toBe(text);
    },
  );
});

describe("The key that sends", () => {
  const enter = {
    key: "Enter",
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
  };

  it("[AC9] is Enter, or Enter with Ctrl or ⌘ where the agent wants it so", () => {
    expect(sends(enter, "enter")).toBe(true);
    expect(sends(enter, "modEnter")).toBe(false);
    for (const sendWith of ["enter", "modEnter"] as const) {
      expect(sends({ ...enter, ctrlKey: true }, sendWith)).toBe(true);
      expect(sends({ ...enter, metaKey: true }, sendWith)).toBe(true);
    }
  });

  it("[AC9] is never Enter with Shift, nor the one that ends composing a word", () => {
    expect(sends({ ...enter, shiftKey: true }, "enter")).toBe(false);
    expect(sends({ ...enter, isComposing: true }, "enter")).toBe(false);
    expect(sends({ ...enter, key: "a" }, "enter")).toBe(false);
  });
});

describe("Drafts", () => {
  const memory = () => {
    const items = new Map<string, string>();
    return {
      items,
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    };
  };
  const draft = { reply: "Half a sent", note: "", mode: "reply" } as const;

  it("[AC10] outlive a reload, per chat and per agent", () => {
    const storage = memory();
    openDrafts(account.id, storage, () => 1).write(chatId(1), draft);
    expect(openDrafts(account.id, storage, () => 2).read(chatId(1))).toEqual(draft);
    expect(openDrafts(account.id, storage, () => 2).read(chatId(2))).toEqual(emptyDraft);
    const other = "0195a3c4-a000-7000-8000-00000000ffff" as AgentId;
    expect(openDrafts(other, storage, () => 2).read(chatId(1))).toEqual(emptyDraft);
  });

  it("[AC10] of two tabs do not overwrite each other", () => {
    const storage = memory();
    const [one, two] = [1, 2].map((at) => openDrafts(account.id, storage, () => at));
    one?.write(chatId(1), draft);
    two?.write(chatId(2), { ...draft, note: "n" });
    expect(one?.begun()).toEqual([chatId(2), chatId(1)]);
    one?.write(chatId(2), emptyDraft);
    expect(two?.read(chatId(2))).toEqual(emptyDraft);
  });

  it("[AC10] leave nothing behind once they are empty, and never fill the storage", () => {
    const storage = memory();
    let at = 0;
    const drafts = openDrafts(account.id, storage, () => at);
    for (at = 1; at <= draftLimit + 5; at += 1) drafts.write(chatId(at), draft);
    expect(drafts.begun()).toHaveLength(draftLimit);
    expect(drafts.read(chatId(1))).toEqual(emptyDraft);
    for (const id of drafts.begun()) drafts.write(id, emptyDraft);
    expect(storage.items.size).toBe(0);
  });

  it("[AC10] stay in memory where storage is forbidden or full", () => {
    const refuse = () => {
      throw new Error("forbidden");
    };
    for (const storage of [null, { getItem: refuse, setItem: refuse, removeItem: refuse }]) {
      const drafts = openDrafts(account.id, storage, () => 1);
      drafts.write(chatId(1), draft);
      expect(drafts.read(chatId(1))).toEqual(draft);
    }
  });

  test.prop([fc.oneof(fc.string(), fc.json())])("[AC10] survive anything in storage", (found) => {
    const storage = memory();
    storage.setItem(`parley.drafts.${account.id}`, found);
    const drafts = openDrafts(account.id, storage, () => 1);
    drafts.write(chatId(1), draft);
    expect(drafts.read(chatId(1))).toEqual(draft);
  });
});
