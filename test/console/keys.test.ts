import { describe, expect, it, vi } from "vitest";
import { actionIds, infoOf } from "#console/keys/actions.ts";
import { createCommands } from "#console/keys/commands.ts";
import { meaningOf, worksAnywhere } from "#console/keys/keymap.ts";
import { pressOf } from "#console/keys/press.ts";

const press = (key: string, more: Partial<Parameters<typeof pressOf>[0]> = {}) =>
  pressOf({
    key,
    code: "",
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    isComposing: false,
    repeat: false,
    ...more,
  });

describe("A press", () => {
  it("[AC12] is the letter written, on any Latin keyboard", () => {
    expect(press("j", { code: "KeyJ" })).toBe("j");
    expect(press("j", { code: "KeyC" })).toBe("j");
    expect(press("J", { code: "KeyJ" })).toBe("j");
    expect(press("k", { code: "KeyK", ctrlKey: true })).toBe("mod+k");
    expect(press("k", { code: "KeyK", metaKey: true })).toBe("mod+k");
  });

  it("[AC12] is the key a letter of another script lies on", () => {
    expect(press("о", { code: "KeyJ" })).toBe("j");
    expect(press("О", { code: "KeyJ", shiftKey: true })).toBe("shift+j");
    expect(press("л", { code: "KeyK", ctrlKey: true })).toBe("mod+k");
  });

  it("[AC12] is the sign, however it is typed", () => {
    expect(press("?", { shiftKey: true, code: "Slash" })).toBe("?");
    expect(press("/", { shiftKey: true, code: "Backslash" })).toBe("/");
  });

  it("[AC12] is nothing with Alt, while composing, or for a letter of one's own language", () => {
    expect(press("ą", { altKey: true, code: "KeyA" })).toBeNull();
    expect(press("n", { altKey: true, code: "KeyN" })).toBeNull();
    expect(press("n", { isComposing: true, code: "KeyN" })).toBeNull();
    expect(press("Dead", { code: "KeyN" })).toBeNull();
    expect(press("ń", { code: "KeyN" })).toBe("ń");
    expect(meaningOf(null, "ń").action).toBeNull();
  });
});

describe("The key map", () => {
  const all = actionIds.flatMap((id) => infoOf(id).keys.map((keys) => ({ id, keys })));

  it("[AC13] is the one of the design", () => {
    const means = (...presses: string[]) => {
      let pending: string | null = null;
      let action: string | null = null;
      for (const one of presses) ({ pending, action } = meaningOf(pending, one));
      return action;
    };
    expect(means("j")).toBe("next");
    expect(means("k")).toBe("previous");
    expect(means("Escape")).toBe("back");
    expect(means("r")).toBe("reply");
    expect(means("n")).toBe("note");
    expect(means("/")).toBe("filter");
    expect(means("?")).toBe("help");
    expect(means("mod+k")).toBe("palette");
    expect(means("g", "i")).toBe("goMine");
    expect(means("g", "w")).toBe("goWaiting");
  });

  it("[AC13] lets a broken sequence begin anew", () => {
    expect(meaningOf("g", "j")).toEqual({ action: "next", pending: null });
    expect(meaningOf("g", "g")).toEqual({ action: null, pending: "g" });
    expect(meaningOf(null, "i")).toEqual({ action: "context", pending: null });
  });

  it("[AC13] gives no key two meanings and uses no Alt", () => {
    expect(new Set(all.map(({ keys }) => keys)).size).toBe(all.length);
    expect(all.filter(({ keys }) => /alt/i.test(keys))).toEqual([]);
  });

  it("[AC13] has no single key that closes a chat or signs out", () => {
    expect(infoOf("close").keys).toEqual([]);
    expect(infoOf("signOut").keys).toEqual([]);
  });

  it("[AC13] leaves letters to who is writing", () => {
    const anywhere = all.filter(({ keys }) => worksAnywhere(keys)).map(({ id }) => id);
    expect(anywhere).toEqual(["back", "palette", "send"]);
  });
});

describe("Commands", () => {
  it("[AC14] can be run while someone offers them, and the last offer counts", () => {
    const commands = createCommands();
    const [thread, overlay] = [vi.fn(), vi.fn()];
    expect(commands.run("back")).toBe(false);
    commands.offer("back", thread);
    const withdraw = commands.offer("back", overlay);
    expect(commands.available.value.has("back")).toBe(true);
    commands.run("back");
    withdraw();
    commands.run("back");
    expect([thread, overlay].map((run) => run.mock.calls.length)).toEqual([1, 1]);
  });
});
