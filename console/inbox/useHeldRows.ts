import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { seconds } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { type Held, hold, release } from "./hold.ts";

/** How long after the last movement someone still counts as aiming. */
const aimMs = seconds(3);

const idOf = (row: ListRow): string => row.conversation.id;

export type HeldRows = {
  rows: readonly Held<ListRow>[];
  /** Say that someone points at the list or walks through it with the keyboard. */
  aim(): void;
  /** Say that they left it. */
  leave(): void;
};

/** The rows to draw, in the order on screen for as long as someone aims at one of them. */
export function useHeldRows(current: readonly ListRow[], filter: string): HeldRows {
  const shown = useRef<{ filter: string; rows: readonly Held<ListRow>[] }>({ filter, rows: [] });
  const [held, setHeld] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useLayoutEffect(() => () => clearTimeout(timer.current), []);

  // Another filter is another list: nobody aims at what was not there.
  const before = shown.current.filter === filter ? shown.current.rows : [];
  const rows = held ? hold(before, current, idOf) : release(current);
  shown.current = { filter, rows };

  const until = (ms: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setHeld(false), ms);
  };
  return {
    rows,
    aim() {
      setHeld(true);
      until(aimMs);
    },
    leave: () => until(0),
  };
}
