import { setImmediate } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type Change, type Committed, LedgerUnavailable } from "#server/ports.ts";
import { SqlError } from "#server/postgres/driver.ts";
import { type GroupCommitPorts, groupCommit } from "#server/postgres/groupCommit.ts";

type Sketch = {
  conversation: string;
  agents?: string[];
  visitor?: string;
  open?: Change["open"];
  command?: string;
};

/** As much of a change as batching looks at. */
function change({ conversation, agents = [], visitor, open = null, command }: Sketch): Change {
  const sketch = {
    workspace: "w",
    expectedSeq: 0,
    events: [],
    conversation: { id: conversation, seq: 0, site: "s", visitor: visitor ?? conversation },
    command: {
      id: command ?? conversation,
      subject: { kind: "conversation", id: command ? "same" : conversation },
      sender: { kind: "system", id: "x" },
    },
    slots: agents.map((agent) => ({ agent, slot: null })),
    open,
  };
  return sketch as unknown as Change;
}

const done: Committed = { status: "seqConflict" };

/** A store whose batches end when the test says so. */
function store(concurrency: number, more: Partial<GroupCommitPorts> = {}) {
  const batches: string[][] = [];
  const ends: (() => void)[] = [];
  const commit = groupCommit({
    send: async (batch) => {
      batches.push(batch.map(({ conversation }) => conversation.id));
      await new Promise<void>((resolve) => ends.push(resolve));
      return batch.map(() => done);
    },
    outcomes: async (batch) => batch.map(() => null),
    concurrency,
    ...more,
  });
  const end = async () => {
    ends.shift()?.();
    await setImmediate();
    await setImmediate();
  };
  return { batches, commit: (sketch: Sketch) => commit(change(sketch)), end };
}

describe("Group commit", () => {
  it("[LG90] sends one change at once and gathers the rest while it is under way", async () => {
    const { batches, commit, end } = store(1);
    const first = commit({ conversation: "a" });
    await setImmediate();
    const others = ["b", "c", "d"].map((conversation) => commit({ conversation }));
    await setImmediate();
    expect(batches).toEqual([["a"]]);
    await end();
    expect(await first).toBe(done);
    expect(batches).toEqual([["a"], ["b", "c", "d"]]);
    await end();
    await Promise.all(others);
  });

  it("[LG90] has as many batches under way as the store is good for, of at most 64", async () => {
    const { batches, commit } = store(2);
    for (let i = 0; i < 500; i += 1) void commit({ conversation: `c${i}` });
    await setImmediate();
    expect(batches.map((batch) => batch.length)).toEqual([64, 64]);
  });

  it("[LG94] sends little beside a batch under way only when that takes long", async () => {
    const { batches, commit } = store(2);
    void commit({ conversation: "a" });
    await setImmediate();
    void commit({ conversation: "b" });
    await setImmediate();
    expect(batches).toEqual([["a"]]);
    await vi.waitFor(() => expect(batches).toEqual([["a"], ["b"]]));
  });

  it("[LG94] sends much beside a batch under way at once", async () => {
    const { batches, commit } = store(2);
    void commit({ conversation: "a" });
    await setImmediate();
    for (let i = 0; i < 24; i += 1) void commit({ conversation: `c${i}` });
    await setImmediate();
    expect(batches.map((batch) => batch.length)).toEqual([1, 24]);
  });

  it.each([
    ["a conversation", { conversation: "a" }, { conversation: "a" }],
    [
      "an agent's slots",
      { conversation: "a", agents: ["x", "y"] },
      { conversation: "b", agents: ["y"] },
    ],
    [
      "a visitor's open place",
      { conversation: "a", visitor: "v", open: "release" as const },
      { conversation: "b", visitor: "v", open: "claim" as const },
    ],
    ["a command", { conversation: "a", command: "k" }, { conversation: "b", command: "k" }],
  ])("[LG91] never has two changes of %s under way", async (_, one, other) => {
    const { batches, commit, end } = store(2);
    const both = [commit(one), commit(other), commit({ conversation: "z" })];
    await setImmediate();
    expect(batches).toEqual([["a", "z"]]);
    await setImmediate();
    expect(batches).toHaveLength(1);
    await end();
    expect(batches).toEqual([["a", "z"], [other.conversation]]);
    await end();
    await Promise.all(both);
  });

  it("[LG91] keeps the order of what touches the same thing", async () => {
    const { batches, commit, end } = store(1);
    void commit({ conversation: "a", agents: ["x"] });
    await setImmediate();
    // b waits for x, and c came after b: c must not overtake it.
    void commit({ conversation: "b", agents: ["x", "y"] });
    void commit({ conversation: "c", agents: ["y"] });
    void commit({ conversation: "b" });
    await end();
    expect(batches).toEqual([["a"], ["b"]]);
    await end();
    expect(batches).toEqual([["a"], ["b"], ["c", "b"]]);
  });

  it("[LG92] sends a refused batch again one by one, so that only the bad one fails", async () => {
    const sent: number[] = [];
    const { commit } = store(1, {
      send: async (batch) => {
        sent.push(batch.length);
        if (batch.some(({ conversation }) => conversation.id === "bad")) {
          throw new SqlError("22P05", "no such character");
        }
        return batch.map(() => done);
      },
    });
    const all = ["a", "bad", "b"].map((conversation) => commit({ conversation }));
    const [a, bad, b] = await Promise.allSettled(all);
    expect([a, b]).toMatchObject([{ value: done }, { value: done }]);
    expect(bad).toMatchObject({ reason: expect.any(SqlError) });
    expect(sent).toEqual([3, 1, 1, 1]);
  });

  it("[LG93] looks up what became of a batch whose connection broke", async () => {
    const known: Committed = { status: "repeat", seq: 4, at: 9, conversation: null };
    const { commit } = store(1, {
      send: () => Promise.reject(new LedgerUnavailable("cut")),
      outcomes: async (batch) =>
        batch.map(({ conversation }) => (conversation.id === "kept" ? known : null)),
    });
    const [kept, lost] = await Promise.allSettled([
      commit({ conversation: "kept" }),
      commit({ conversation: "lost" }),
    ]);
    expect(kept).toMatchObject({ value: known });
    expect(lost).toMatchObject({ reason: expect.any(LedgerUnavailable) });
  });

  it("[LG93] says unavailable when it can't even look, and takes the next change", async () => {
    const away = new LedgerUnavailable("away");
    let fails = true;
    const { commit } = store(1, {
      send: async (batch) => {
        if (fails) throw away;
        return batch.map(() => done);
      },
      outcomes: () => Promise.reject(away),
    });
    await expect(commit({ conversation: "a" })).rejects.toBe(away);
    fails = false;
    expect(await commit({ conversation: "a" })).toBe(done);
  });
});
