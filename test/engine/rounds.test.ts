import { describe, expect, it } from "vitest";
import { createRounds } from "#server/engine/rounds.ts";
import { shared } from "#server/engine/shared.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("rounds", () => {
  it("[P26] never overlap themselves, and what is asked for meanwhile makes one more", async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    const failures: unknown[] = [];
    const rounds = createRounds(
      async () => {
        now += 1;
        most = Math.max(most, now);
        await wait(20);
        now -= 1;
        done += 1;
        if (done === 1) throw new Error("first");
      },
      (error) => failures.push(error),
    );
    for (let i = 0; i < 5; i += 1) rounds.soon(0);
    await wait(10);
    for (let i = 0; i < 15; i += 1) {
      rounds.soon(1);
      await wait(1);
    }
    await rounds.settle();
    expect({ most, failures: failures.length }).toEqual({ most: 1, failures: 1 });
    expect(done).toBeLessThan(4);
    expect(done).toBeGreaterThan(1);
    rounds.soon(5);
    rounds.stop();
    await rounds.settle();
    await wait(10);
    expect(done).toBeLessThan(4);
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
