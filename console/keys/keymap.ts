import { type ActionId, actionIds, infoOf } from "./actions.ts";

/** How long the second press of `g i` may take. */
export const sequenceMs = 1_000;

/** What the presses so far mean: an action, the beginning of one, or nothing. */
export type Meaning = { action: ActionId | null; pending: string | null };

const table = new Map<string, ActionId>(
  actionIds
    .filter((id) => !infoOf(id).local)
    .flatMap((id) => infoOf(id).keys.map((keys) => [keys, id] as const)),
);
const beginnings = new Set(
  [...table.keys()].filter((keys) => keys.includes(" ")).map((keys) => keys.split(" ")[0]),
);

/** Reads one press after what was pressed before; an unfinished sequence that fails counts from anew. */
export function meaningOf(pending: string | null, press: string): Meaning {
  const sequence = pending === null ? undefined : table.get(`${pending} ${press}`);
  if (sequence) return { action: sequence, pending: null };
  return { action: table.get(press) ?? null, pending: beginnings.has(press) ? press : null };
}

/** Presses that work while writing and with single-key shortcuts switched off. */
export const worksAnywhere = (press: string): boolean =>
  press.startsWith("mod+") || press === "Escape";
