import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { visitorName } from "../inbox/visitorName.ts";
import { addressOf, type Place } from "../routes/place.ts";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Keys } from "../ui/Keys.tsx";
import { matches } from "../ui/matches.ts";
import { actionIds, infoOf, labelOf } from "./actions.ts";

/** More than anyone reads through; a few letters find the rest. */
const mostShown = 60;

type Entry = { key: string; group: string; label: string; keys: string | null; run: () => void };

/** Finds every action that can be done right now and the chats of both lists, by a part of the name. */
export function Palette({ route }: { route: (address: string) => void }): VNode {
  const { dialog } = useWorkbench();
  const { t } = useSpeech();
  const query = useSignal("");
  const active = useSignal(0);
  const list = useId();
  const entries = useEntries(route)
    .filter(({ label, group }) => matches(query.value, [label, group]))
    .slice(0, mostShown);
  const at = Math.min(active.value, Math.max(0, entries.length - 1));
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at, query.value]);

  const leave = () => {
    dialog.value = null;
  };
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    leave();
    // After the dialog has given the focus back, or it would take it from what the action opens.
    setTimeout(entry.run);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && entries.length > 0) {
      event.preventDefault();
      active.value = (at + step + entries.length) % entries.length;
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(entries[at]);
    } else if (event.key === "k" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      leave();
    }
  };
  return (
    <Dialog
      bare
      title={t("palette.title")}
      kind="palette"
      closeLabel={t("dialog.close")}
      onClose={leave}
    >
      <input
        type="text"
        role="combobox"
        class="palette-input"
        autofocus
        autocomplete="off"
        spellcheck={false}
        aria-label={t("palette.title")}
        aria-expanded={entries.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={entries.length > 0 ? `${list}-${at}` : undefined}
        placeholder={t("palette.placeholder")}
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value;
          active.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <p class="hidden" role="status">
        {query.value === "" ? "" : t("palette.count", { count: entries.length })}
      </p>
      {entries.length === 0 && (
        <p class="palette-none">{t("palette.none", { query: query.value })}</p>
      )}
      <div ref={box} id={list} role="listbox" aria-label={t("palette.title")} class="palette-list">
        {entries.map((entry, index) => (
          <Option
            key={entry.key}
            id={`${list}-${index}`}
            entry={entry}
            selected={index === at}
            heading={entries[index - 1]?.group === entry.group ? null : entry.group}
            onPoint={() => {
              active.value = index;
            }}
            onPick={() => run(entry)}
          />
        ))}
      </div>
    </Dialog>
  );
}

function Option(props: {
  id: string;
  entry: Entry;
  selected: boolean;
  heading: string | null;
  onPoint: () => void;
  onPick: () => void;
}): VNode {
  const { id, entry, selected, heading, onPoint, onPick } = props;
  return (
    <>
      {heading && (
        <p class="palette-heading" aria-hidden="true">
          {heading}
        </p>
      )}
      {/* Keys reach it through the input, which keeps the focus. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div
        id={id}
        role="option"
        aria-selected={selected}
        class="palette-option"
        onPointerMove={() => selected || onPoint()}
        onMouseDown={(event) => event.preventDefault()}
        onClick={onPick}
      >
        <bdi>{entry.label}</bdi>
        {entry.keys && <Sequence keys={entry.keys} />}
      </div>
    </>
  );
}

const Sequence = ({ keys }: { keys: string }): VNode => (
  <span class="sequence" aria-hidden="true">
    {keys.split(" ").map((press) => (
      <Keys key={press} press={press} />
    ))}
  </span>
);

function useEntries(route: (address: string) => void): Entry[] {
  const { session, commands, preferences } = useWorkbench();
  const { t } = useSpeech();
  const available = commands.available.value;
  const doable = actionIds
    .filter((id) => available.has(id) && id !== "palette")
    .map(
      (id): Entry => ({
        key: id,
        group: t(`group.${infoOf(id).group}`),
        label: t(labelOf(id)),
        keys: preferences.shortcuts.value ? (infoOf(id).keys[0] ?? null) : null,
        run: () => commands.run(id),
      }),
    );
  const chats = (["mine", "waiting"] as const).flatMap((view: Place["view"]) =>
    session[view].value.rows.map(
      ({ conversation }): Entry => ({
        key: conversation.id,
        group: t(`list.${view}`),
        label: t("action.openChat", { name: visitorName(conversation, t) }),
        keys: null,
        run: () => route(addressOf({ view, chat: conversation.id })),
      }),
    ),
  );
  const order = ["chat", "move", "you", "look"].map((group) =>
    t(`group.${group as "chat" | "move" | "you" | "look"}`),
  );
  doable.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
  return [...doable, ...chats];
}
