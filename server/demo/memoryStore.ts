import type { OutboxEntry, OutboxStore } from "#shared/client/outboxStore.ts";

/** An outbox's storage that lives as long as the bot: it outlasts its sessions as IndexedDB outlasts pages. */
export function memoryStore(): OutboxStore {
  const kept = new Map<string, OutboxEntry>();
  return {
    take: async () => [...kept.values()],
    save: async (_sender, entry) => {
      kept.set(entry.id, entry);
      return true;
    },
    remove: async (_sender, id) => void kept.delete(id),
  };
}
