import { afterEach, describe, expect, it, vi } from "vitest";
import { account, chatId } from "#console/gallery/cast.ts";
import { defaults, openPreferences, preferencesKey } from "#console/preferences/preferences.ts";
import { addressOf, type Place, placeOf } from "#console/routes/place.ts";
import { startClock } from "#console/shell/clock.ts";
import { httpAccounts } from "#console/signin/accounts.ts";
import { mistakesIn } from "#console/signin/mistakes.ts";
import { clockDuration, spokenDuration } from "#console/ui/duration.ts";

describe("Addresses", () => {
  const read = (address: string) => {
    const url = new URL(address, "https://parley.example");
    return placeOf(url.pathname, Object.fromEntries(url.searchParams));
  };

  it.each<Place>([
    { view: "mine", chat: null },
    { view: "mine", chat: chatId(1) },
    { view: "waiting", chat: null },
    { view: "waiting", chat: chatId(2) },
    { view: "parked", chat: null },
    { view: "closed", chat: chatId(3) },
  ])("[AC22] lead back to %j", (place) => {
    expect(read(addressOf(place))).toEqual(place);
  });

  it.each(["/console", "/console/chat/", "/console/chat/%3Cb%3E", "/console/nowhere/x"])(
    "[AC22] that mean nothing (%s) lead to one's own chats",
    (address) => {
      expect(read(address)).toEqual({ view: "mine", chat: null });
    },
  );
});

describe("Preferences", () => {
  const memory = (text: string | null) => {
    let kept = text;
    return {
      getItem: (key: string) => (key === preferencesKey ? kept : null),
      setItem: (_: string, value: string) => {
        kept = value;
      },
    };
  };

  it("[AC23] are kept in this browser", () => {
    const storage = memory(null);
    openPreferences(storage).set("theme", "dark");
    expect(openPreferences(storage).theme.value).toBe("dark");
    expect(openPreferences(storage).density.value).toBe(defaults.density);
  });

  it.each(["", "null", "[]", '{"theme":"pink","shortcuts":"no","language":"xx"}'])(
    "[AC23] fall back one by one where storage holds %j",
    (text) => {
      const { theme, shortcuts, language } = openPreferences(memory(text));
      expect([theme.value, shortcuts.value, language.value]).toEqual(["system", true, null]);
    },
  );

  it("[AC23] hold without storage", () => {
    const preferences = openPreferences(null);
    preferences.set("sound", false);
    expect(preferences.sound.value).toBe(false);
  });
});

describe("Waits", () => {
  it.each([
    [-5, "0:00"],
    [7_900, "0:07"],
    [245_000, "4:05"],
    [3_845_000, "1:04:05"],
    [97_200_000, "1 day 3 hr"],
    [172_800_000, "2 days"],
  ])("[AC24] of %i ms read %s", (length, text) => {
    expect(clockDuration(length, "en")).toBe(text);
  });

  it("[AC24] are said in the reader's words and forms", () => {
    expect(spokenDuration(245_000, "en")).toBe("4 minutes");
    expect(spokenDuration(3_845_000, "en")).toBe("1 hour 4 minutes");
    expect(spokenDuration(5_000, "pl")).toBe("5 sekund");
    expect(spokenDuration(120_000, "uk")).toBe("2 хвилини");
  });
});

describe("The clock", () => {
  afterEach(() => void vi.useRealTimers());

  it("[AC25] shows the server's time and moves once a second", () => {
    vi.useFakeTimers({ now: 1_000 });
    const clock = startClock();
    clock.agree(61_000);
    expect(clock.now.value).toBe(61_000);
    vi.advanceTimersByTime(2_000);
    expect(clock.now.value).toBe(63_000);
    clock.stop();
    vi.advanceTimersByTime(2_000);
    expect(clock.now.value).toBe(63_000);
  });
});

describe("Signing in", () => {
  const answering = (status: number, body: unknown) =>
    httpAccounts(
      async () => new Response(status === 204 ? null : JSON.stringify(body), { status }),
    );

  it("[AC26] tells what is wrong from what is broken", async () => {
    const signIn = (status: number, body: unknown) => answering(status, body).signIn("a@b", "c");
    expect(await signIn(200, { agent: account })).toEqual({ ok: true, account });
    expect(await signIn(401, {})).toEqual({ ok: false, why: "wrong" });
    expect(await signIn(429, { refusal: { code: "rate", retryAfterMs: 7 } })).toEqual({
      ok: false,
      why: "rate",
      retryAfterMs: 7,
    });
    expect(await signIn(503, {})).toEqual({ ok: false, why: "network" });
    const offline = httpAccounts(() => Promise.reject(new TypeError("offline")));
    expect(await offline.signIn("a@b", "c")).toEqual({ ok: false, why: "network" });
  });

  it("[AC26] knows nobody from not knowing", async () => {
    expect(await answering(200, { agent: account }).current()).toEqual(account);
    expect(await answering(200, { agent: null }).current()).toBeNull();
    await expect(answering(500, {}).current()).rejects.toThrow("500");
    await expect(answering(204, {}).signOut()).resolves.toBeUndefined();
    await expect(answering(500, {}).signOut()).rejects.toThrow("500");
  });

  it("[AC26] looks at the fields before it asks", () => {
    expect(mistakesIn(" ", "")).toEqual({ email: "emailMissing", password: "passwordMissing" });
    expect(mistakesIn("anna", "x")).toEqual({ email: "emailWrong" });
    expect(mistakesIn(" anna@example.com ", " ")).toEqual({});
  });
});
