import type { OutboxEntry, OutboxStore } from "#shared/client/outboxStore.ts";
import type { Pages } from "#shared/client/pages.ts";
import type { Host } from "./host.ts";

/**
 * The browser's own store, and where the frame may store nothing the page around: it keeps what is not
 * sent for this tab and this site, as much as the page's side takes. Where that fails too, `save` says so.
 */
export function pageOutbox(
  browser: OutboxStore,
  pages: Pages,
  { outbox, keep }: Host,
): OutboxStore {
  let rows = parsed(outbox);

  /** False when the page could not keep them. */
  const write = (next: Rows) => {
    rows = next;
    return keep("outbox", rows.length > 0 ? JSON.stringify(rows) : "");
  };
  const without = (id: string) => rows.filter(([, entry]) => entry.id !== id);
  async function forget(id: string) {
    const others = without(id);
    if (others.length < rows.length) await write(others);
  }

  return {
    onGone: pages.onGone,
    async take(sender) {
      const own = await browser.take(sender);
      const known = new Set(own.map(({ id }) => id));
      const others = await pages.others();
      // A duplicated tab has them all, and the page that wrote them may still be sending.
      const left = rows.filter(
        ([who, { id }, page = ""]) => who === sender && !known.has(id) && !others.has(page),
      );
      return [...own, ...left.map(([, entry]) => entry)];
    },
    async save(sender, entry) {
      const sent = entry.state.is === "acked";
      // What was sent is kept only where there is room for it: the server has it.
      if ((await browser.save(sender, entry)) || sent) {
        await forget(entry.id);
        return true;
      }
      const kept = await write([...without(entry.id), [sender, entry, pages.own]]);
      if (!kept) rows = without(entry.id);
      return kept;
    },
    async remove(sender, id) {
      await browser.remove(sender, id);
      await forget(id);
    },
  };
}

type Rows = readonly (readonly [sender: string, entry: OutboxEntry, page?: string])[];

function parsed(text: string): Rows {
  try {
    const rows = JSON.parse(text);
    return Array.isArray(rows) ? rows.filter(isRow) : [];
  } catch {
    // Nothing was kept.
    return [];
  }
}

/** The page's storage is the page's: any of its scripts may have written there. */
function isRow(row: unknown): row is Rows[number] {
  const [sender, entry, writer = ""] = Array.isArray(row) ? row : [];
  const { id, conversation, at, fence, command, state } = Object(entry);
  const { kind, text, name, page } = Object(command);
  const { is, failure } = Object(state);
  return (
    typeof sender === "string" &&
    typeof writer === "string" &&
    [id, conversation].every((one) => /^[\da-f-]{36}$/.test(one)) &&
    // What the calendar knows, and room above for what is written next.
    at > 0 &&
    at < 8e15 &&
    fence === undefined &&
    (kind === "say" ? typeof text === "string" : kind === "start" || kind === "end") &&
    [name, page].every((one) => one === undefined || typeof one === "string") &&
    (is === "queued" || (is === "failed" && typeof (failure?.code ?? "") === "string"))
  );
}
