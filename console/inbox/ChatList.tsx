import type { VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConversationId } from "#shared/model/ids.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { useAction } from "../keys/useAction.ts";
import type { Place } from "../routes/place.ts";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import type { Held } from "./hold.ts";
import { Row } from "./Row.tsx";
import { slice } from "./slice.ts";
import { turnOf } from "./turn.ts";
import { useHeldRows } from "./useHeldRows.ts";

/** Up to this many rows are all drawn; beyond it only those near the eye. */
const drawAll = 60;
/** As many closed chats as the server lists. */
const closedListed = 100;

type Props = {
  view: Place["view"];
  open: ConversationId | null;
  rows: readonly ListRow[];
  filter: string;
  /** Heading and reading name of the list. */
  label: string;
};

/** The rows themselves: held still while aimed at, walked with the keyboard, drawn in slices when long. */
export function ChatList({ view, open, rows: current, filter, label }: Props): VNode {
  const { preferences, drafts, session } = useWorkbench();
  const { t } = useSpeech();
  const held = useHeldRows(current, filter);
  const { rows } = held;
  const height = preferences.density.value === "compact" ? 40 : 56;
  const scroller = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ scrolled: 0, height: 800 });
  const focused = useRef<string | null>(null);
  const wanted = useRef<string | null>(null);

  const long = rows.length > drawAll;
  const { first, end } = long
    ? slice(rows.length, height, box.scrolled, box.height)
    : { first: 0, end: rows.length };
  const more = session[view].value.total - session[view].value.rows.length;

  const begun = (id: ConversationId) => {
    const { reply, note } = drafts.read(id);
    return reply || note;
  };

  const measure = () => {
    const element = scroller.current;
    if (element) setBox({ scrolled: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !long) return;
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [long]);

  const anchor = (id: string) =>
    scroller.current?.querySelector<HTMLElement>(`[data-chat="${id}"]`) ?? null;
  // A row that moved in the list is another place in the page, and browsers drop its focus then.
  useLayoutEffect(() => {
    const id = wanted.current ?? focused.current;
    const lost = document.activeElement === document.body;
    if (id && (wanted.current || lost)) anchor(id)?.focus();
    wanted.current = null;
  });

  const walk = (step: 1 | -1) => {
    held.aim();
    const active = document.activeElement?.closest<HTMLElement>("[data-chat]");
    const here = wanted.current ?? active?.dataset.chat ?? open;
    const places = rows.filter(({ gone }) => !gone).map(({ row }) => row.conversation.id);
    const at = places.indexOf(here as ConversationId);
    const next = places[at === -1 ? (step === 1 ? 0 : places.length - 1) : at + step];
    if (!next) return;
    const index = rows.findIndex(({ row }) => row.conversation.id === next);
    const element = scroller.current;
    if (long && element) {
      const top = index * height;
      if (top < element.scrollTop) element.scrollTop = top;
      const bottom = top + height - element.clientHeight;
      if (bottom > element.scrollTop) element.scrollTop = bottom;
      wanted.current = next;
      measure();
    }
    anchor(next)?.focus();
  };
  useAction("next", () => walk(1), rows.length > 0);
  useAction("previous", () => walk(-1), rows.length > 0);

  const drawn = rows.slice(first, end);
  return (
    // Nothing is activated here: it only learns that someone is about, and moves the focus between
    // the links inside.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: see above
    <div
      ref={scroller}
      class="list-scroll"
      onScroll={long ? measure : undefined}
      onPointerMove={(event) => event.pointerType === "mouse" && held.aim()}
      onPointerLeave={held.leave}
      onFocusIn={(event) => {
        focused.current = (event.target as HTMLElement).dataset.chat ?? null;
      }}
      onFocusOut={(event) => {
        if (event.relatedTarget) focused.current = null;
      }}
      onKeyDown={(event) => {
        const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : null;
        if (step === null || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        walk(step);
      }}
    >
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the list's role with its bullets */}
      <ul role="list" aria-label={label} class="rows">
        {first > 0 && (
          <li class="rows-gap" aria-hidden="true" style={{ height: `${first * height}px` }} />
        )}
        {drawn.map((item, index) => (
          <Item
            key={item.row.conversation.id}
            item={item}
            heading={view === "mine" ? headingOf(item, drawn[index - 1]) : null}
            place={long ? { at: first + index + 1, of: rows.length } : null}
          >
            <Row
              row={item.row}
              view={view}
              open={item.row.conversation.id === open}
              gone={item.gone}
              begun={item.row.conversation.id === open ? "" : begun(item.row.conversation.id)}
            />
          </Item>
        ))}
        {end < rows.length && (
          <li
            class="rows-gap"
            aria-hidden="true"
            style={{ height: `${(rows.length - end) * height}px` }}
          />
        )}
      </ul>
      {more > 0 && filter === "" && <p class="list-more">{t("list.more", { count: more })}</p>}
      {view === "closed" && filter === "" && rows.length >= closedListed && (
        <p class="list-more">{t("list.closedNewest", { count: closedListed })}</p>
      )}
    </div>
  );
}

type Heading = "list.ours" | "list.theirs" | null;

/** A heading stands where the turn changes; held rows keep the heading they stood under. */
function headingOf({ row }: Held<ListRow>, before: Held<ListRow> | undefined): Heading {
  const turn = turnOf(row);
  return before && turnOf(before.row) === turn ? null : `list.${turn}`;
}

function Item(props: {
  item: Held<ListRow>;
  heading: Heading;
  place: { at: number; of: number } | null;
  children: VNode;
}): VNode {
  const { t } = useSpeech();
  const { heading, place, children } = props;
  return (
    <li aria-posinset={place?.at} aria-setsize={place?.of}>
      {heading && <h2 class="rows-heading">{t(heading)}</h2>}
      {children}
    </li>
  );
}
