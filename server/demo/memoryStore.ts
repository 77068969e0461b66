import type { OutboxEntry, OutboxStore } from "#shared/client/outboxStore.ts";

/** An outbox's storage that lives as long as the bot: it outlasts its sessions as IndexedDB outlasts pages. */
export function memoryStore(): OutboxStore {
  const kept = new Map<string, OutboxEntry>();
  return {
    kept: true,
    take: async () => [...kept.values()],
    save: async (_sender, entry) => void kept.set(entry.id, entry),
    remove: async (_sender, id) => void kept.delete(id),
  };
}
