import { describe, expect, it, vi } from "vitest";
import { createRounds } from "#server/engine/rounds.ts";
import { shared } from "#server/engine/shared.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("rounds", () => {
  it("[P26] never overlap themselves, and what is asked for meanwhile makes one more", async () => {
    const under: (() => void)[] = [];
    let began = 0;
    const failures: unknown[] = [];
    const rounds = createRounds(
      async () => {
        began += 1;
        const mine = began;
        await new Promise<void>((resolve) => under.push(resolve));
        if (mine === 1) throw new Error("first");
      },
      (error) => failures.push(error),
    );
    for (let i = 0; i < 5; i += 1) rounds.soon(0);
    await vi.waitFor(() => expect(under).toHaveLength(1), { timeout: 4_000 });
    for (let i = 0; i < 15; i += 1) {
      rounds.soon(1);
      await wait(1);
    }
    expect({ began, failures: failures.length }).toEqual({ began: 1, failures: 0 });
    under.shift()?.();
    await vi.waitFor(() => expect(under).toHaveLength(1), { timeout: 4_000 });
    under.shift()?.();
    await rounds.settle();
    expect({ began, failures: failures.length }).toEqual({ began: 2, failures: 1 });
    rounds.soon(5);
    rounds.stop();
    await rounds.settle();
    await wait(10);
    expect(began).toBe(2);
  });
});

describe("a shared reading", () => {
  it("[P26] began after everybody asked who gets it, and costs a crowd two", async () => {
    let began = 0;
    const answers: ((failed: boolean) => void)[] = [];
    const read = shared(() => {
      const mine = ++began;
      return new Promise<number>((resolve, reject) =>
        answers.push((failed) => (failed ? reject(new Error("away")) : resolve(mine))),
      );
    });
    const first = read();
    const crowd = Array.from({ length: 50 }, read);
    expect(began).toBe(1);
    answers[0]?.(true);
    await expect(first).rejects.toThrow("away");
    await wait(0);
    expect(began).toBe(2);
    const late = read();
    answers[1]?.(false);
    expect(new Set(await Promise.all(crowd))).toEqual(new Set([2]));
    await wait(0);
    answers[2]?.(false);
    expect(await late).toBe(3);
  });
});
