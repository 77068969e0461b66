import type { OutboxEntry, OutboxStore } from "#shared/client/outboxStore.ts";

/** What one browser keeps: pages come and go, what they stored stays for the next. */
export type Browser = {
  page(): OutboxStore & { close(): void };
  all(): OutboxEntry[];
};

/** `slowly` makes a write take its time. */
export function browser(slowly: (done: () => void) => void = (done) => done()): Browser {
  const kept = new Map<string, { sender: string; page: object; entry: OutboxEntry }>();
  const living = new Set<object>();
  const waiting = new Map<object, () => void>();
  return {
    all: () => [...kept.values()].map(({ entry }) => entry),
    page() {
      const page = {};
      living.add(page);
      return {
        async take(sender) {
          const left = [...kept.values()].filter(
            (row) => row.sender === sender && !living.has(row.page),
          );
          for (const row of left) row.page = page;
          return left.map(({ entry }) => structuredClone(entry));
        },
        async save(sender, entry) {
          await new Promise<void>(slowly);
          if (living.has(page)) {
            kept.set(`${sender} ${entry.id}`, { sender, page, entry: structuredClone(entry) });
          }
          return true;
        },
        async remove(sender, id) {
          if (living.has(page)) kept.delete(`${sender} ${id}`);
        },
        async onGone(hear) {
          waiting.set(page, hear);
        },
        close() {
          living.delete(page);
          waiting.delete(page);
          for (const hear of waiting.values()) hear();
        },
      };
    },
  };
}
