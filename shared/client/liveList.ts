import { type ReadonlySignal, signal } from "@preact/signals-core";
import type { ListName } from "#shared/protocol/requests.ts";
import type { ListPatch, ListRow } from "#shared/protocol/sockets.ts";
import { backoff } from "./backoff.ts";
import type { Link } from "./connection.ts";
import type { World } from "./world.ts";

export type ListState = { rows: readonly ListRow[]; total: number; ready: boolean };

export type LiveList = {
  state: ReadonlySignal<ListState>;
  /** Gets the whole window: on a new connection and after a gap. */
  ask(): void;
  patch(patch: ListPatch): void;
};

/** Patches that came while the window they follow was still on its way. */
const earlyLimit = 100;

/** A console list kept in step: a window, then patches, a gap asks again (SPEC C13). */
export function liveList(options: {
  name: ListName;
  order(a: ListRow, b: ListRow): number;
  world: World;
  link: Link;
}): LiveList {
  const { name, order, world, link } = options;
  const state = signal<ListState>({ rows: [], total: 0, ready: false });
  let version = 0;
  let attempt = 0;
  let asking = false;
  /** Counts what was asked, so that only the newest answer counts. */
  let turn = 0;
  let early: ListPatch[] = [];

  async function ask() {
    const mine = ++turn;
    asking = true;
    early = [];
    const answer = await link.ask("list", { list: name });
    if (mine !== turn) return;
    if (!answer.ok) {
      if (!answer.refusal.retry) return;
      world.after(backoff(attempt++, world), () => {
        if (mine === turn && link.online()) void ask();
      });
      return;
    }
    attempt = 0;
    asking = false;
    version = answer.version;
    state.value = { rows: answer.rows, total: answer.total, ready: true };
    for (const held of early.sort((a, b) => a.version - b.version)) patch(held);
  }

  function patch(next: ListPatch) {
    if (asking) {
      if (early.length < earlyLimit) early.push(next);
    } else if (next.version === version + 1) {
      version = next.version;
      state.value = { ...patched(state.peek().rows, next, order), total: next.total, ready: true };
    } else if (next.version > version) void ask();
  }

  return { state, ask: () => void ask(), patch };
}

/** A row keeps its place while its order key stays, so equal keys don't jump about. */
function patched(
  rows: readonly ListRow[],
  { upsert, remove }: ListPatch,
  order: (a: ListRow, b: ListRow) => number,
) {
  const gone = new Set<string>(remove);
  const kept = new Map(rows.map((row) => [row.conversation.id, row]));
  for (const row of upsert) kept.set(row.conversation.id, row);
  const all = [...kept.values()].filter((row) => !gone.has(row.conversation.id));
  return { rows: all.sort(order) };
}
