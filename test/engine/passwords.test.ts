import { beforeEach, describe, expect, it, vi } from "vitest";

/** Derivations under way, each waiting to be let go. */
const underWay: (() => void)[] = [];
let most = 0;

vi.mock("node:crypto", async (original) => ({
  ...(await original<typeof import("node:crypto")>()),
  scrypt(_password: string, _salt: Buffer, length: number, _cost: object, done: Done) {
    underWay.push(() => done(null, Buffer.alloc(length)));
    most = Math.max(most, underWay.length);
  },
}));
type Done = (error: null, key: Buffer) => void;

const { hashPassword, verifyPassword } = await import("#server/engine/passwords.ts");
const turn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  most = 0;
});

describe("passwords", () => {
  it("[B45] are derived two at a time, however many come and whenever", async () => {
    const asked = [1, 2, 3, 4].map((i) => verifyPassword(`password ${i}`, null));
    for (let i = 5; underWay.length > 0; i += 1) {
      underWay.shift()?.();
      // Whoever comes just when a place becomes free must not take it beside who waited for it.
      await Promise.resolve();
      if (i < 20)
        asked.push(i % 2 ? hashPassword(`${i}`).then(() => false) : verifyPassword("", null));
      await turn();
    }
    expect(await Promise.all(asked)).not.toContain(true);
    expect(asked).toHaveLength(19);
    expect(most).toBe(2);
  });
});
