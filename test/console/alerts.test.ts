import { describe, expect, it } from "vitest";
import { claim } from "#console/alerts/claim.ts";
import { news } from "#console/alerts/news.ts";
import { chat, now } from "#console/gallery/cast.ts";
import { ours, theirs } from "./rows.ts";

describe("News", () => {
  it("[AC18] are chats that are new in my list and messages the visitor wrote since", () => {
    const before = [theirs(1, 60), ours(2, 30)];
    const after = [
      chat({ n: 1, unanswered: 5, said: ["visitor", "One more thing", 5] }),
      ours(2, 30),
      chat({ n: 3, name: "Eva", said: ["visitor", "Hello", 1] }),
    ];
    expect(news(before, after)).toMatchObject([
      { kind: "message", text: "One more thing", at: now - 5_000 },
      { kind: "chat", name: "Eva", text: "Hello" },
    ]);
  });

  it("[AC18] are not what I wrote, what left, or what I read", () => {
    const before = [ours(1, 60), ours(2, 30)];
    expect(news(before, [theirs(1, 2), { ...ours(2, 30), unread: 0 }])).toEqual([]);
    expect(news(before, [])).toEqual([]);
  });

  it("[AC18] have the same key in every tab", () => {
    const told = () => news([theirs(1, 60)], [ours(1, 5)]).map(({ key }) => key);
    expect(told()).toEqual(told());
  });
});

describe("Of several tabs", () => {
  /** Locks as browsers have them: `ifAvailable` answers null at once where one is held. */
  const locks = () => {
    const held = new Set<string>();
    const request = async (
      name: string,
      _: LockOptions,
      use: (lock: Lock | null) => Promise<unknown>,
    ) => {
      if (held.has(name)) return use(null);
      held.add(name);
      return use({ name, mode: "exclusive" });
    };
    return { request } as unknown as LockManager;
  };

  it("[AC19] one speaks", async () => {
    const shared = locks();
    const claims = await Promise.all([1, 2, 3].map(() => claim("a", false, shared)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await claim("b", false, shared)).toBe(true);
  });

  it("[AC19] none speaks where one of them is being looked at", async () => {
    const shared = locks();
    const claims = await Promise.all(
      [false, true, false].map((looking) => claim("a", looking, shared)),
    );
    expect(claims).toEqual([false, false, false]);
  });

  it("[AC19] each speaks for itself where the browser has no locks", async () => {
    expect(await claim("a", false, undefined)).toBe(true);
    expect(await claim("a", true, undefined)).toBe(false);
  });
});
