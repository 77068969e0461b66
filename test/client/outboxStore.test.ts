import { afterEach, describe, expect, it, vi } from "vitest";
import { browserStore, type OutboxEntry } from "#shared/client/outboxStore.ts";
import type { CommandId, ConversationId } from "#shared/model/ids.ts";

const entry: OutboxEntry = {
  id: "c1" as CommandId,
  conversation: "v1" as ConversationId,
  at: 1,
  command: { kind: "say", text: "hello" },
  state: { is: "queued" },
};

/** Sending must never wait for a store that doesn't work. */
describe("The browser's store", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  const unusable = async () => {
    const store = browserStore();
    expect(await store.save("me", entry)).toBe(false);
    expect(await store.take("me")).toEqual([]);
    await store.remove("me", entry.id);
  };

  it("[C7] says that it keeps nothing where there is no IndexedDB", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await unusable();
  });

  it("[C7] says that it keeps nothing where IndexedDB is forbidden", async () => {
    vi.stubGlobal("indexedDB", {
      open() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
    await unusable();
  });

  it("[C7] says that it keeps nothing where IndexedDB never answers", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("indexedDB", { open: () => ({}) });
    const store = browserStore();
    const saving = store.save("me", entry);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await saving).toBe(false);
    // It is not waited for again.
    expect(await store.save("me", entry)).toBe(false);
  });
});
